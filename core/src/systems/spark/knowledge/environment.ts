import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Variables that the scripts of Spark read for a cluster it manages itself. */
export const scriptVariables: SettingTable = {
  SPARK_MASTER_HOST: setting('string', '', 'Address the master listens on.'),
  SPARK_MASTER_PORT: setting('integer', '7077', 'Port of the master for workers and applications.'),
  SPARK_MASTER_WEBUI_PORT: setting('integer', '8080', 'Port of the user interface of the master.'),
  SPARK_WORKER_CORES: setting('integer', '', 'Cores a worker gives to applications; all of the machine when left out.'),
  SPARK_WORKER_MEMORY: setting('size', '', 'Memory a worker gives to applications; all but 1 GiB when left out.'),
  SPARK_WORKER_PORT: setting('integer', '', 'Port of a worker; any when left out.'),
  SPARK_WORKER_WEBUI_PORT: setting('integer', '8081', 'Port of the user interface of a worker.'),
  SPARK_WORKER_DIR: setting('string', '', 'Directory for what applications leave behind.'),
  SPARK_DAEMON_MEMORY: setting('size', '1g', 'Heap of master and worker themselves.'),
  SPARK_DAEMON_JAVA_OPTS: setting('string', '', 'Options of the Java virtual machine of master and worker.'),
  SPARK_LOCAL_DIRS: setting('list', '', 'Directories for shuffle data.'),
  SPARK_LOG_DIR: setting('string', '', 'Directory of logs.'),
  SPARK_CONF_DIR: setting('string', '', 'Directory of the configuration.'),
  SPARK_NO_DAEMONIZE: setting(
    'string',
    '',
    'Keeps the scripts in the foreground when set to anything; containers need that.',
  ),
  SPARK_PUBLIC_DNS: setting('string', '', 'Name that links in the user interface use.'),
  PYSPARK_PYTHON: setting('string', 'python3', 'Python of driver and executors.'),
  PYSPARK_DRIVER_PYTHON: setting('string', '', 'Python of the driver.'),
};

/** Variables of the image of Bitnami itself. */
export const bitnamiVariables: SettingTable = {
  SPARK_MODE: setting('string', 'master', 'What the container runs.', { values: ['master', 'worker'] }),
  SPARK_MASTER_URL: setting('string', 'spark://spark-master:7077', 'Address of the master, for a worker.'),
  SPARK_RPC_AUTHENTICATION_ENABLED: setting('boolean', 'no', 'Lets nodes prove to each other who they are.', {
    values: ['yes', 'no'],
  }),
  SPARK_RPC_AUTHENTICATION_SECRET: setting('string', '', 'Secret that nodes share. Take it from a Secret.'),
  SPARK_RPC_ENCRYPTION_ENABLED: setting('boolean', 'no', 'Encrypts connections between nodes.', {
    values: ['yes', 'no'],
  }),
  SPARK_LOCAL_STORAGE_ENCRYPTION_ENABLED: setting('boolean', 'no', 'Encrypts shuffle data on disk.', {
    values: ['yes', 'no'],
  }),
  SPARK_SSL_ENABLED: setting('boolean', 'no', 'Uses TLS.', { values: ['yes', 'no'] }),
};
