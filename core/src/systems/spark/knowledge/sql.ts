import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Spark SQL. Apache Spark 4.0, `SQLConf`. */
export const sqlSettings: SettingTable = {
  'spark.sql.shuffle.partitions': setting(
    'integer',
    '200',
    'Partitions of a shuffle. Adaptive execution joins small ones.',
  ),
  'spark.sql.adaptive.enabled': setting('boolean', 'true', 'Changes the plan by what is seen while it runs.'),
  'spark.sql.adaptive.coalescePartitions.enabled': setting(
    'boolean',
    'true',
    'Joins small partitions after a shuffle.',
  ),
  'spark.sql.adaptive.advisoryPartitionSizeInBytes': setting('size', '64MB', 'Size of partitions aimed at.'),
  'spark.sql.adaptive.skewJoin.enabled': setting(
    'boolean',
    'true',
    'Splits partitions that are much larger than others.',
  ),
  'spark.sql.autoBroadcastJoinThreshold': setting(
    'size',
    '10MB',
    'Tables up to this size are sent to every executor for a join; -1 never.',
  ),
  'spark.sql.broadcastTimeout': setting(
    'duration',
    '300',
    'Seconds to wait for a table that is sent to every executor.',
  ),
  'spark.sql.files.maxPartitionBytes': setting('size', '128MB', 'Most bytes of files in one partition.'),
  'spark.sql.sources.partitionOverwriteMode': setting(
    'string',
    'static',
    'What overwriting a partitioned table removes: everything, or only partitions that are written.',
    { values: ['static', 'dynamic'] },
  ),
  'spark.sql.ansi.enabled': setting(
    'boolean',
    'true',
    'Follows the SQL standard: overflows and wrong casts are errors. Off by default before 4.0.',
  ),
  'spark.sql.session.timeZone': setting(
    'string',
    '',
    'Time zone of the session; that of the Java virtual machine when left out.',
  ),
  'spark.sql.warehouse.dir': setting('string', '', 'Directory of managed tables.'),
  'spark.sql.catalogImplementation': setting('string', 'in-memory', 'Where tables are kept.', {
    values: ['hive', 'in-memory'],
  }),
  'spark.sql.extensions': setting('list', '', 'Classes that extend SQL, such as those of table formats.'),
  'spark.sql.catalog.spark_catalog': setting('class', '', 'Class behind the session catalog.'),
  'spark.sql.parquet.compression.codec': setting('string', 'snappy', 'Compression of Parquet files.', {
    values: ['none', 'uncompressed', 'snappy', 'gzip', 'lzo', 'brotli', 'lz4', 'lz4_raw', 'zstd'],
  }),
  'spark.sql.parquet.mergeSchema': setting('boolean', 'false', 'Joins the schemas of all files when reading.'),
  'spark.sql.streaming.checkpointLocation': setting(
    'string',
    '',
    'Where streaming queries keep their state; storage that survives the pod.',
  ),
  'spark.sql.execution.arrow.pyspark.enabled': setting(
    'boolean',
    'false',
    'Hands data to pandas in columns, which is much faster.',
  ),
  'spark.sql.maxPlanStringLength': setting('size', '2147483632', 'Longest text of a plan in logs.'),
};
