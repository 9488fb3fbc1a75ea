import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: repair, streaming and hints. Defaults are those of the program. */
export const streamingSettings: SettingTable = {
  streaming_connections_per_host: setting('integer', '1', 'Connections to each node while data is streamed.'),
  streaming_keep_alive_period: setting(
    'duration',
    '300s',
    'How often a stream says that it is alive; it is given up after two silent periods.',
    { since: '4.1' },
  ),
  stream_transfer_task_timeout: setting(
    'duration',
    '12h',
    'A file that is not confirmed for this long makes the stream fail.',
    { since: '5.0' },
  ),
  entire_sstable_stream_throughput_outbound: setting('rate', '24MiB/s', 'Speed limit of streaming whole files.', {
    since: '4.1',
  }),
  entire_sstable_inter_dc_stream_throughput_outbound: setting(
    'rate',
    '24MiB/s',
    'Speed limit of streaming whole files to other datacenters.',
    { since: '4.1' },
  ),
  streaming_state_expires: setting('duration', '3d', 'How long finished streams are shown in the virtual table.', {
    since: '4.1',
  }),
  streaming_state_size: setting('size', '40MiB', 'Memory for streams in the virtual table.', { since: '4.1' }),
  streaming_stats_enabled: setting('boolean', 'true', 'Whether streams are shown in the virtual table.', {
    since: '4.1',
  }),
  streaming_slow_events_log_timeout: setting('duration', '10s', 'A step of a stream that takes longer is logged.', {
    since: '4.1',
  }),
  skip_stream_disk_space_check: setting(
    'boolean',
    'false',
    'Leaves out the check whether there is room for a stream.',
    { since: '5.0' },
  ),
  concurrent_merkle_tree_requests: setting(
    'integer',
    '0',
    'Hash trees a repair asks for at the same time; 0 sets no limit.',
  ),
  use_offheap_merkle_trees: setting('boolean', 'true', 'Keeps hash trees outside the heap.'),
  concurrent_validations: setting(
    'integer',
    '0',
    'Validations of repairs at the same time; 0 takes the number of compactors.',
  ),
  repair_command_pool_size: setting('integer', '0', 'Repairs a node coordinates at the same time; 0 sets no limit.'),
  repair_command_pool_full_strategy: setting('string', 'queue', 'Whether further repairs wait or are refused.', {
    values: ['queue', 'reject'],
  }),
  repair_state_expires: setting('duration', '3d', 'How long finished repairs are shown in the virtual table.', {
    since: '4.1',
  }),
  repair_state_size: setting('integer', '100000', 'Number of repairs shown in the virtual table.', { since: '4.1' }),
  reject_repair_compaction_threshold: setting(
    'integer',
    '2147483647',
    'A node with more waiting compactions refuses repairs.',
  ),
  repair_disk_headroom_reject_ratio: setting(
    'number',
    '0.0',
    'A node with a smaller share of free disk refuses repairs.',
    { since: '5.0' },
  ),
  auto_optimise_inc_repair_streams: setting(
    'boolean',
    'false',
    'Streams less in incremental repairs when several replicas differ alike.',
  ),
  auto_optimise_full_repair_streams: setting(
    'boolean',
    'false',
    'Streams less in full repairs when several replicas differ alike.',
  ),
  auto_optimise_preview_repair_streams: setting(
    'boolean',
    'false',
    'Computes the smaller streams for previews of repairs too.',
  ),
  auto_repair: setting('object', '', 'Repairs that the ring starts by itself.', { since: '5.0' }),
  hinted_handoff_disabled_datacenters: setting('list', '', 'Datacenters whose nodes get no hints.'),
  hint_window_persistent_enabled: setting('boolean', 'true', 'Counts the time a node is away over its restarts.', {
    since: '4.1',
  }),
  hints_flush_period: setting('duration', '10s', 'How often hints are written to files.', { since: '4.1' }),
  max_hints_file_size: setting('size', '128MiB', 'Largest file of hints.', { since: '4.1' }),
  max_hints_size_per_host: setting('size', '0', 'Most hints kept for one node; 0 sets no limit.', { since: '4.1' }),
  hints_compression: setting('object', '', 'Compression of files of hints; none when left out.'),
  auto_hints_cleanup_enabled: setting('boolean', 'false', 'Deletes outdated hints and those of nodes that are gone.', {
    since: '4.1',
  }),
  transfer_hints_on_decommission: setting('boolean', 'true', 'Hands hints to another node when this one leaves.'),
  use_creation_time_for_hint_ttl: setting(
    'boolean',
    'true',
    'Counts the life of a hint from the write instead of from its delivery.',
    { since: '4.0' },
  ),
  batchlog_replay_throttle: setting('size', '1024KiB', 'Speed limit of repeating batches that were cut off.', {
    since: '4.1',
  }),
  batchlog_endpoint_strategy: setting('string', 'random_remote', 'Which nodes keep the log of a batch.', {
    since: '4.0',
    values: ['random_remote', 'prefer_local', 'dynamic_remote', 'dynamic'],
  }),
  repaired_data_tracking_for_range_reads_enabled: setting(
    'boolean',
    'false',
    'Checks on range reads whether repaired data agrees.',
  ),
  repaired_data_tracking_for_partition_reads_enabled: setting(
    'boolean',
    'false',
    'Checks on reads of a partition whether repaired data agrees.',
  ),
  report_unconfirmed_repaired_data_mismatches: setting(
    'boolean',
    'false',
    'Counts differences that may only come from unrepaired data.',
  ),
  snapshot_on_repaired_data_mismatch: setting('boolean', 'false', 'Takes a snapshot when repaired data differs.'),
  validation_preview_purge_head_start: setting(
    'duration',
    '3600s',
    'How much earlier deleted data is left out when repaired data is compared.',
    { since: '4.1' },
  ),
  materialized_views_on_repair_enabled: setting(
    'boolean',
    'true',
    'Brings materialized views up to date while a repair streams.',
    { since: '5.0' },
  ),
  cdc_on_repair_enabled: setting(
    'boolean',
    'true',
    'Offers data that comes by repair to change data capture as well.',
    { since: '5.0' },
  ),
  repair_session_max_tree_depth: setting(
    'integer',
    '',
    'Depth of the hash trees of a repair; `repair_session_space` took its place.',
  ),
  max_streaming_retries: setting('integer', '3', 'Has no effect any more.'),
  repair: setting('object', '', 'Retries of the messages of a repair.', { since: '5.0' }),
  enforce_native_deadline_for_hints: setting('boolean', 'false', 'Drops hints of requests whose client has given up.', {
    since: '4.1',
  }),
};
