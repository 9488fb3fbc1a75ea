import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: commit log, memtables, compaction and files. Defaults are those of the program. */
export const writeSettings: SettingTable = {
  commitlog_sync_group_window: setting(
    'duration',
    '',
    'How long writes are gathered before they are forced to disk together, with `commitlog_sync: group`.',
    { since: '4.1' },
  ),
  periodic_commitlog_sync_lag_block: setting(
    'duration',
    '',
    'Writes wait when forcing the commit log to disk is behind by this much.',
    { since: '4.1' },
  ),
  commitlog_compression: setting('object', '', 'Compression of the commit log; none when left out.'),
  commitlog_max_compression_buffers_in_pool: setting('integer', '3', 'Buffers kept for compressing the commit log.'),
  commitlog_disk_access_mode: setting('string', 'legacy', 'How the commit log is written.', {
    since: '5.0',
    values: ['auto', 'mmap', 'mmap_index_only', 'standard', 'legacy', 'direct'],
  }),
  flush_compression: setting(
    'string',
    'fast',
    'Compression of files that are flushed, until compaction applies that of the table.',
    { values: ['none', 'fast', 'table'] },
  ),
  max_mutation_size: setting('size', '', 'Largest write; half of a segment of the commit log when left out.', {
    since: '4.1',
  }),
  memtable: setting('object', '', 'Kinds of memtables that tables may choose from, by name.', { since: '4.1' }),
  memtable_cleanup_threshold: setting(
    'number',
    '',
    'Share of the memory for writes at which the largest memtable is flushed; by the number of writers when left out.',
  ),
  trickle_fsync_interval: setting('size', '10240KiB', 'Step in which data is forced to disk while it is written.', {
    since: '4.1',
  }),
  cdc_block_writes: setting(
    'boolean',
    'true',
    'Whether writes are refused when the space for change data capture is full.',
    { since: '4.1' },
  ),
  cdc_total_space: setting(
    'size',
    '',
    'Space for change data capture; 0 takes 4 GiB or an eighth of the disk, whichever is less.',
    { since: '4.1' },
  ),
  cdc_free_space_check_interval: setting(
    'duration',
    '250ms',
    'How often the space for change data capture is measured once it is full.',
    {
      since: '4.1',
    },
  ),
  local_system_data_file_directory: setting(
    'string',
    '',
    'Directory of the local system tables, away from the other data.',
  ),
  min_free_space_per_drive: setting('size', '50MiB', 'Space that is left free on each disk.', { since: '4.1' }),
  compressed_read_ahead_buffer_size: setting(
    'size',
    '256KiB',
    'Buffer for reading ahead in compressed files during compaction.',
    { since: '5.0' },
  ),
  max_space_usable_for_compactions_in_percentage: setting(
    'number',
    '0.95',
    'Share of the free disk that compactions may count on, as a number up to 1.',
    { since: '5.0' },
  ),
  concurrent_materialized_view_builders: setting('integer', '1', 'Materialized views that are built at the same time.'),
  concurrent_materialized_view_writes: setting('integer', '32', 'Writes to materialized views at the same time.'),
  concurrent_index_builders: setting('integer', '2', 'Indexes that are built at the same time.', { since: '5.0' }),
  column_index_cache_size: setting('size', '2KiB', 'Index of a partition up to this size stays in the key cache.', {
    since: '4.1',
  }),
  automatic_sstable_upgrade: setting(
    'boolean',
    'false',
    'Rewrites files of an older version when there is nothing else to compact.',
  ),
  max_concurrent_automatic_sstable_upgrades: setting(
    'integer',
    '1',
    'Files that are rewritten for a new version at the same time.',
  ),
  autocompaction_on_startup_enabled: setting('boolean', 'true', 'Whether compaction runs from the start.'),
  uuid_sstable_identifiers_enabled: setting('boolean', 'false', 'Names files by a unique id; cannot be turned back.', {
    since: '4.1',
  }),
  sstable: setting('object', '', 'Format of files: `big`, or `bti` with `storage_compatibility_mode: NONE`.', {
    since: '5.0',
  }),
  snapshot_links_per_second: setting(
    'integer',
    '0',
    'Speed limit of making and removing snapshots in links per second; 0 sets none.',
  ),
  auto_snapshot_ttl: setting(
    'duration',
    '',
    'How long a snapshot from truncating or dropping is kept, such as `30d`; for ever when left out.',
    { since: '4.1' },
  ),
  snapshot_on_duplicate_row_detection: setting('boolean', 'false', 'Takes a snapshot when a row is found twice.'),
  check_for_duplicate_rows_during_reads: setting('boolean', 'true', 'Looks for rows that are there twice on reads.'),
  check_for_duplicate_rows_during_compaction: setting(
    'boolean',
    'true',
    'Looks for rows that are there twice on compaction.',
  ),
  corrupted_tombstone_strategy: setting('string', 'disabled', 'What happens when a deletion mark makes no sense.', {
    values: ['disabled', 'warn', 'exception'],
  }),
  index_summary_capacity: setting(
    'size',
    '',
    'Memory for samples of the indexes of files; 5 % of the heap when left out.',
    { since: '4.1' },
  ),
  index_summary_resize_interval: setting(
    'duration',
    '60m',
    'How often the memory for samples of indexes is divided anew.',
    { since: '4.1' },
  ),
  disk_optimization_estimate_percentile: setting(
    'number',
    '0.95',
    'Which rows are taken as usual when buffers for reads are sized.',
  ),
  disk_optimization_page_cross_chance: setting(
    'number',
    '0.1',
    'Chance of reading over the end of a page that is tolerated.',
  ),
  transparent_data_encryption_options: setting('object', '', 'Encryption of the commit log and hints on disk.'),
  default_keyspace_rf: setting('integer', '1', 'Replicas of a keyspace that says none.', { since: '4.1' }),
  use_deterministic_table_id: setting('boolean', 'false', 'Makes the id of a table from its name.', { since: '4.1' }),
  startup_checks: setting('object', '', 'What is looked at before the start, and whether a failure stops it.', {
    since: '4.1',
  }),
  sai_options: setting('object', '', 'Memory for building storage-attached indexes.', { since: '5.0' }),
  default_secondary_index: setting(
    'string',
    'legacy_local_table',
    'Kind of index that `CREATE INDEX` makes when it names none.',
    { since: '5.0' },
  ),
  default_secondary_index_enabled: setting('boolean', 'true', 'Whether `CREATE INDEX` may leave out the kind.', {
    since: '5.0',
  }),
  heap_dump_path: setting('string', '', 'Where the heap is written to after an unexpected error.', { since: '5.0' }),
  dump_heap_on_uncaught_exception: setting(
    'boolean',
    'false',
    'Writes the heap to a file at the first unexpected error.',
    { since: '5.0' },
  ),
  allocate_tokens_for_keyspace: setting(
    'string',
    '',
    'Keyspace whose replication new tokens are placed for; `allocate_tokens_for_local_replication_factor` is simpler.',
  ),
  severity_during_decommission: setting(
    'number',
    '0.0',
    'How busy a leaving node claims to be, so that reads go elsewhere; 0 does not claim anything.',
    { since: '5.0' },
  ),
  buffer_pool_use_heap_if_exhausted: setting('boolean', 'false', 'Has no effect any more.'),
  windows_timer_interval: setting('integer', '0', 'Has no effect any more.'),
  initial_range_tombstone_list_allocation_size: setting(
    'integer',
    '1',
    'First size of the list of deleted ranges in a partition.',
  ),
  range_tombstone_list_growth_factor: setting('number', '1.5', 'Factor by which the list of deleted ranges grows.'),
  force_optimized_index_status_format: setting(
    'boolean',
    'false',
    'Sends the state of indexes in the shorter form during an upgrade.',
    { since: '5.0' },
  ),
};
