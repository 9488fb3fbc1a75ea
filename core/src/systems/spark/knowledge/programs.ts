import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Python, dependencies, and what belongs to a pod besides its heap. Apache Spark 4.0. */
export const programSettings: SettingTable = {
  'spark.pyspark.python': setting('string', '', 'Python of driver and executors.'),
  'spark.pyspark.driver.python': setting('string', '', 'Python of the driver.'),
  'spark.python.worker.reuse': setting('boolean', 'true', 'Uses processes of Python again.'),
  'spark.python.worker.faulthandler.enabled': setting('boolean', 'false', 'Shows where Python was when it crashed.', {
    since: '3.2',
  }),
  'spark.python.use.daemon': setting('boolean', 'true', 'Makes processes of Python from one that is ready.'),
  'spark.submit.deployMode': setting('string', 'client', 'Where the driver runs.', { values: ['client', 'cluster'] }),
  'spark.submit.pyFiles': setting('list', '', 'Files of Python for driver and executors.'),
  'spark.archives': setting('list', '', 'Archives that are unpacked in the working directory of every executor.', {
    since: '3.1',
  }),
  'spark.jars.excludes': setting('list', '', 'Maven coordinates that are left out.'),
  'spark.jars.repositories': setting('list', '', 'Further Maven repositories.'),
  'spark.jars.ivySettings': setting('string', '', 'File that says where packages come from.'),
  'spark.driver.extraLibraryPath': setting('string', '', 'Native libraries of the driver.'),
  'spark.executor.extraLibraryPath': setting('string', '', 'Native libraries of the executors.'),
  'spark.driver.userClassPathFirst': setting(
    'boolean',
    'false',
    "Prefers the application's classes to those of Spark in the driver. Experimental.",
  ),
  'spark.executor.userClassPathFirst': setting(
    'boolean',
    'false',
    "Prefers the application's classes to those of Spark in executors. Experimental.",
  ),
  'spark.driver.minMemoryOverhead': setting('size', '384m', 'Least memory of the driver outside the heap.', {
    since: '4.0',
  }),
  'spark.executor.minMemoryOverhead': setting('size', '384m', 'Least memory of an executor outside the heap.', {
    since: '4.0',
  }),
  'spark.driver.timeout': setting('duration', '0min', 'The driver ends after this long; 0 never.', { since: '4.0' }),
  'spark.driver.supervise': setting(
    'boolean',
    'false',
    'Starts a failed driver anew, under a cluster that Spark manages itself.',
  ),
  'spark.driver.log.localDir': setting(
    'string',
    '',
    'Directory for logs of the driver that the user interface shows.',
    { since: '4.0' },
  ),
  'spark.cores.max': setting('integer', '', 'Most cores of the application on a cluster that Spark manages itself.'),
  'spark.executor.logs.rolling.strategy': setting('string', '', 'When a new log of an executor begins.', {
    values: ['time', 'size'],
  }),
  'spark.executor.logs.rolling.maxSize': setting(
    'integer',
    '1048576',
    'Size in bytes at which a new log of an executor begins.',
  ),
  'spark.executor.logs.rolling.maxRetainedFiles': setting(
    'integer',
    '-1',
    'Logs of an executor that are kept; -1 keeps all.',
  ),
  'spark.api.mode': setting(
    'string',
    'classic',
    'Whether a program talks to Spark directly or through Spark Connect.',
    { since: '4.0', values: ['classic', 'connect'] },
  ),
};
