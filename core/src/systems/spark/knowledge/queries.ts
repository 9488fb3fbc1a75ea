import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Spark SQL: optimizer, files and streaming. Apache Spark 4.0. */
export const querySettings: SettingTable = {
  'spark.sql.adaptive.autoBroadcastJoinThreshold': setting(
    'size',
    '',
    'Size up to which a table is sent to every executor once its real size is known; -1 never.',
    { since: '3.2' },
  ),
  'spark.sql.adaptive.coalescePartitions.initialPartitionNum': setting(
    'integer',
    '',
    'Partitions of a shuffle before small ones are joined.',
  ),
  'spark.sql.adaptive.coalescePartitions.minPartitionSize': setting('size', '1MB', 'Least size of joined partitions.', {
    since: '3.2',
  }),
  'spark.sql.adaptive.coalescePartitions.parallelismFirst': setting(
    'boolean',
    'true',
    'Prefers many tasks to partitions of the size aimed at.',
    { since: '3.2' },
  ),
  'spark.sql.adaptive.localShuffleReader.enabled': setting(
    'boolean',
    'true',
    'Reads a shuffle locally where its partitioning is not needed.',
  ),
  'spark.sql.adaptive.skewJoin.skewedPartitionFactor': setting(
    'number',
    '5.0',
    'How many times larger than the median a partition must be to be split.',
  ),
  'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes': setting(
    'size',
    '256MB',
    'Least size of a partition that is split.',
  ),
  'spark.sql.adaptive.forceOptimizeSkewedJoin': setting(
    'boolean',
    'false',
    'Splits large partitions even when that costs another shuffle.',
    { since: '3.3' },
  ),
  'spark.sql.adaptive.optimizeSkewsInRebalancePartitions.enabled': setting(
    'boolean',
    'true',
    'Splits large partitions when rebalancing.',
    { since: '3.2' },
  ),
  'spark.sql.cbo.enabled': setting('boolean', 'false', 'Chooses plans by statistics of tables.'),
  'spark.sql.cbo.joinReorder.enabled': setting('boolean', 'false', 'Changes the order of joins by statistics.'),
  'spark.sql.statistics.histogram.enabled': setting('boolean', 'false', 'Collects the distribution of values.'),
  'spark.sql.statistics.size.autoUpdate.enabled': setting(
    'boolean',
    'false',
    'Keeps the sizes of tables up to date when they are written.',
  ),
  'spark.sql.optimizer.dynamicPartitionPruning.enabled': setting(
    'boolean',
    'true',
    'Leaves out partitions by what the other side of a join holds.',
  ),
  'spark.sql.optimizer.runtime.bloomFilter.enabled': setting(
    'boolean',
    'true',
    'Filters rows before a join by what the other side holds.',
    { since: '3.3' },
  ),
  'spark.sql.optimizer.excludedRules': setting('list', '', 'Rules of the optimizer that are left out.'),
  'spark.sql.files.openCostInBytes': setting('size', '4MB', 'What opening a file costs, in bytes read instead.'),
  'spark.sql.files.maxRecordsPerFile': setting(
    'integer',
    '0',
    'Most records of a file that is written; 0 sets no limit.',
  ),
  'spark.sql.files.minPartitionNum': setting('integer', '', 'Least partitions of files that are read.', {
    since: '3.1',
  }),
  'spark.sql.files.maxPartitionNum': setting('integer', '', 'Most partitions of files that are read.', {
    since: '3.5',
  }),
  'spark.sql.files.ignoreCorruptFiles': setting('boolean', 'false', 'Goes on when a file is broken.'),
  'spark.sql.files.ignoreMissingFiles': setting('boolean', 'false', 'Goes on when a file is missing.'),
  'spark.sql.sources.default': setting('string', 'parquet', 'Format of tables and files that name none.'),
  'spark.sql.sources.bucketing.enabled': setting('boolean', 'true', 'Uses the buckets of tables.'),
  'spark.sql.sources.parallelPartitionDiscovery.threshold': setting(
    'integer',
    '32',
    'Paths from which they are listed by a job.',
  ),
  'spark.sql.sources.partitionColumnTypeInference.enabled': setting(
    'boolean',
    'true',
    'Guesses the types of columns in paths.',
  ),
  'spark.sql.sources.v2.bucketing.enabled': setting(
    'boolean',
    'true',
    'Uses the partitions a source reports to avoid shuffles.',
    { since: '3.3' },
  ),
  'spark.sql.storeAssignmentPolicy': setting(
    'string',
    'ANSI',
    'What happens when a value does not fit the type of its column.',
    { values: ['ANSI', 'LEGACY', 'STRICT'] },
  ),
  'spark.sql.mapKeyDedupPolicy': setting('string', 'EXCEPTION', 'What happens to a key that is in a map twice.', {
    values: ['EXCEPTION', 'LAST_WIN'],
  }),
  'spark.sql.timestampType': setting('string', 'TIMESTAMP_LTZ', 'What `TIMESTAMP` means.', {
    since: '3.4',
    values: ['TIMESTAMP_LTZ', 'TIMESTAMP_NTZ'],
  }),
  'spark.sql.datetime.java8API.enabled': setting('boolean', 'false', 'Uses the newer classes of Java for dates.'),
  'spark.sql.defaultCatalog': setting('string', 'spark_catalog', 'Catalog of tables that name none.'),
  'spark.sql.leafNodeDefaultParallelism': setting('integer', '', 'Partitions of sources that say nothing else.', {
    since: '3.2',
  }),
  'spark.sql.maxSinglePartitionBytes': setting(
    'size',
    '128m',
    'Most bytes that are brought together in one partition.',
    { since: '3.4' },
  ),
  'spark.sql.inMemoryColumnarStorage.compressed': setting('boolean', 'true', 'Compresses cached tables.'),
  'spark.sql.inMemoryColumnarStorage.batchSize': setting('integer', '10000', 'Rows of a batch of a cached table.'),
  'spark.sql.execution.arrow.maxRecordsPerBatch': setting('integer', '10000', 'Records handed to pandas at once.'),
  'spark.sql.execution.arrow.pyspark.fallback.enabled': setting(
    'boolean',
    '',
    'Hands data over the slow way when columns cannot be.',
  ),
  'spark.sql.execution.pythonUDF.arrow.enabled': setting(
    'boolean',
    'true',
    'Hands data to functions of Python in columns.',
    { since: '3.4' },
  ),
  'spark.sql.parquet.filterPushdown': setting('boolean', 'true', 'Filters while reading Parquet.'),
  'spark.sql.parquet.aggregatePushdown': setting(
    'boolean',
    'false',
    'Takes counts and limits from the footers of Parquet.',
    { since: '3.3' },
  ),
  'spark.sql.parquet.enableVectorizedReader': setting('boolean', 'true', 'Reads Parquet in columns.'),
  'spark.sql.parquet.writeLegacyFormat': setting(
    'boolean',
    'false',
    'Writes Parquet as Spark 1.4 did, which Hive and Impala want.',
  ),
  'spark.sql.parquet.outputTimestampType': setting('string', 'INT96', 'Type of times in Parquet.', {
    values: ['INT96', 'TIMESTAMP_MICROS', 'TIMESTAMP_MILLIS'],
  }),
  'spark.sql.parquet.int96AsTimestamp': setting('boolean', 'true', 'Reads INT96 as a time.'),
  'spark.sql.parquet.binaryAsString': setting('boolean', 'false', 'Reads bytes as text, as some writers need.'),
  'spark.sql.orc.compression.codec': setting('string', 'zstd', 'Compression of ORC files.', {
    values: ['uncompressed', 'lz4', 'lzo', 'snappy', 'zlib', 'none', 'zstd', 'brotli'],
  }),
  'spark.sql.orc.filterPushdown': setting('boolean', 'true', 'Filters while reading ORC.'),
  'spark.sql.orc.mergeSchema': setting('boolean', 'false', 'Joins the schemas of all files when reading ORC.'),
  'spark.sql.avro.compression.codec': setting('string', 'snappy', 'Compression of Avro files.', {
    values: ['uncompressed', 'deflate', 'snappy', 'bzip2', 'xz', 'zstandard'],
  }),
  'spark.sql.redaction.options.regex': setting('string', '(?i)url', 'Options of queries whose values are hidden.'),
  'spark.sql.debug.maxToStringFields': setting('integer', '25', 'Fields that are shown of a wide schema.'),
  'spark.sql.ui.retainedExecutions': setting('integer', '1000', 'Queries the user interface remembers.'),
  'spark.sql.queryExecutionListeners': setting('list', '', 'Classes that are told about queries.'),
  'spark.sql.streaming.streamingQueryListeners': setting('list', '', 'Classes that are told about streaming queries.'),
  'spark.sql.streaming.metricsEnabled': setting('boolean', 'false', 'Offers metrics of streaming queries.'),
  'spark.sql.streaming.stopTimeout': setting('duration', '0', 'Wait for a streaming query to end; 0 waits for ever.'),
  'spark.sql.streaming.multipleWatermarkPolicy': setting('string', 'min', 'Which of several watermarks counts.', {
    values: ['min', 'max'],
  }),
  'spark.sql.streaming.noDataMicroBatches.enabled': setting(
    'boolean',
    'true',
    'Runs a batch without data to bring results forward.',
  ),
  'spark.sql.streaming.stateStore.providerClass': setting(
    'class',
    'org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider',
    'Class that keeps the state of streaming queries; the one on RocksDB holds more.',
  ),
  'spark.sql.streaming.minBatchesToRetain': setting('integer', '100', 'Batches that a streaming query can go back to.'),
  'spark.sql.streaming.numRecentProgressUpdates': setting('integer', '100', 'Reports of progress that are remembered.'),
  'spark.sql.hive.metastore.version': setting('string', '2.3.10', 'Version of the Hive metastore.'),
  'spark.sql.hive.metastore.jars': setting(
    'string',
    'builtin',
    'Where the jars for the Hive metastore come from: `builtin`, `maven`, `path`, or a class path.',
  ),
};
