import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Defaults are those of the file that comes with 5.0, or of the program where the file says nothing.
 * `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: the ring, storage and memory. Names with a unit in them became durations and sizes in 4.1. */
export const storageSettings: SettingTable = {
  cluster_name: setting(
    'string',
    'Test Cluster',
    'Name of the ring. A node of another name is refused; it cannot be changed while there is data.',
  ),
  num_tokens: setting(
    'integer',
    '16',
    'Tokens of the node. The same for every node of a datacenter, and fixed once it has joined.',
  ),
  allocate_tokens_for_local_replication_factor: setting(
    'integer',
    '3',
    'Replication for which new tokens are placed, so that ownership stays even.',
  ),
  initial_token: setting('list', '', 'Tokens the node takes, instead of letting it choose.'),
  partitioner: setting(
    'class',
    'org.apache.cassandra.dht.Murmur3Partitioner',
    'Spreads rows over the ring. It can never be changed.',
  ),
  data_file_directories: setting('list', '', 'Directories of the data.'),
  commitlog_directory: setting('string', '', 'Directory of the commit log.'),
  saved_caches_directory: setting('string', '', 'Directory where caches survive a restart.'),
  hints_directory: setting('string', '', 'Directory of the writes kept for nodes that are away.'),
  cdc_raw_directory: setting('string', '', 'Directory of the segments kept for change data capture.'),
  commitlog_sync: setting('string', 'periodic', 'When the commit log is forced to disk.', {
    values: ['periodic', 'batch', 'group'],
  }),
  commitlog_sync_period: setting(
    'duration',
    '10000ms',
    'Interval in which the commit log is forced to disk; that much can be lost when a machine fails.',
    { since: '4.1' },
  ),
  commitlog_segment_size: setting(
    'size',
    '32MiB',
    'Size of a segment of the commit log. Half of it bounds the largest write.',
    { since: '4.1' },
  ),
  commitlog_total_space: setting(
    'size',
    '8192MiB',
    'Space of the commit log; beyond it the oldest tables are flushed.',
    { since: '4.1' },
  ),
  commit_failure_policy: setting('string', 'stop', 'What happens when the commit log cannot be written.', {
    values: ['die', 'stop', 'stop_commit', 'ignore'],
  }),
  disk_failure_policy: setting('string', 'stop', 'What happens when a disk fails.', {
    values: ['die', 'stop_paranoid', 'stop', 'best_effort', 'ignore'],
  }),
  disk_optimization_strategy: setting('string', 'ssd', 'What reads are tuned for.', { values: ['ssd', 'spinning'] }),
  disk_access_mode: setting('string', 'mmap_index_only', 'How files are read.', {
    values: ['auto', 'mmap', 'mmap_index_only', 'standard', 'direct'],
  }),
  memtable_allocation_type: setting('string', 'heap_buffers', 'Where writes wait before they are flushed.', {
    values: ['heap_buffers', 'offheap_buffers', 'offheap_objects', 'unslabbed_heap_buffers'],
  }),
  memtable_heap_space: setting('size', '', 'Heap for writes that wait; a quarter of the heap when left out.', {
    since: '4.1',
  }),
  memtable_offheap_space: setting('size', '', 'Memory outside the heap for writes that wait.', { since: '4.1' }),
  memtable_flush_writers: setting('integer', '', 'Threads that flush.'),
  file_cache_size: setting('size', '', 'Memory for parts of files that are read, outside the heap.', { since: '4.1' }),
  key_cache_size: setting('size', '', 'Memory of the key cache; 5 % of the heap, at most 100 MiB, when left out.', {
    since: '4.1',
  }),
  row_cache_size: setting('size', '0MiB', 'Memory of the row cache; 0 turns it off.', { since: '4.1' }),
  column_index_size: setting('size', '4KiB', 'Distance of the entries in the index of a large partition.', {
    since: '4.1',
  }),
  concurrent_reads: setting('integer', '32', 'Reads at the same time.'),
  concurrent_writes: setting('integer', '32', 'Writes at the same time.'),
  concurrent_counter_writes: setting('integer', '32', 'Counter writes at the same time.'),
  concurrent_compactors: setting('integer', '', 'Compactions at the same time; by disks and cores when left out.', {
    scope: 'node',
  }),
  compaction_throughput: setting(
    'rate',
    '64MiB/s',
    'Speed limit of compaction over all its threads; 0 sets none. `nodetool setcompactionthroughput` changes it at once.',
    { since: '4.1', scope: 'node' },
  ),
  sstable_preemptive_open_interval: setting(
    'size',
    '50MiB',
    'Lets reads use the result of a compaction before it is complete.',
    { since: '4.1' },
  ),
  trickle_fsync: setting('boolean', 'false', 'Forces data to disk in small steps while it is written.'),
  auto_snapshot: setting('boolean', 'true', 'Takes a snapshot before a table is truncated or dropped. Leave it on.'),
  snapshot_before_compaction: setting('boolean', 'false', 'Takes a snapshot before each compaction. It fills disks.'),
  incremental_backups: setting('boolean', 'false', 'Keeps a hard link of every flushed file for backups.'),
  cdc_enabled: setting('boolean', 'false', 'Keeps segments of the commit log for change data capture.'),
  storage_compatibility_mode: setting(
    'string',
    'CASSANDRA_4',
    'Which older version the node stays compatible with during an upgrade.',
    { since: '5.0', values: ['CASSANDRA_4', 'UPGRADING', 'NONE'] },
  ),
  default_compaction: setting('object', '', 'Compaction of tables that say none.', { since: '5.0' }),
};
