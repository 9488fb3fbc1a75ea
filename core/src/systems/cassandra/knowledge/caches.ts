import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: caches, logging of slow things, and lightweight transactions. Defaults are those of the program. */
export const cacheSettings: SettingTable = {
  key_cache_save_period: setting('duration', '4h', 'How often the key cache is saved.'),
  key_cache_keys_to_save: setting('integer', '2147483647', 'Keys of the key cache that are saved.'),
  key_cache_migrate_during_compaction: setting('boolean', 'true', 'Keeps the key cache warm through compaction.'),
  key_cache_invalidate_after_sstable_deletion: setting('boolean', 'false', 'Drops keys of deleted files at once.', {
    since: '5.0',
  }),
  row_cache_class_name: setting('class', 'org.apache.cassandra.cache.OHCProvider', 'Class of the row cache.'),
  row_cache_save_period: setting('duration', '0s', 'How often the row cache is saved; 0 never.'),
  row_cache_keys_to_save: setting('integer', '2147483647', 'Keys of the row cache that are saved.'),
  counter_cache_size: setting(
    'size',
    '',
    'Memory of the counter cache; 2.5 % of the heap, at most 50 MiB, when left out.',
    { since: '4.1' },
  ),
  counter_cache_save_period: setting('duration', '7200s', 'How often the counter cache is saved.'),
  counter_cache_keys_to_save: setting('integer', '2147483647', 'Keys of the counter cache that are saved.'),
  paxos_cache_size: setting(
    'size',
    '',
    'Memory for the state of lightweight transactions; 1 % of the heap, at most 50 MiB, when left out.',
    { since: '4.1' },
  ),
  cache_load_timeout: setting(
    'duration',
    '30s',
    'How long a start waits for saved caches; 0 or less does not load them.',
    { since: '4.1' },
  ),
  networking_cache_size: setting(
    'size',
    '',
    'Memory for buffers of messages, outside the heap; a sixteenth of the heap, at most 128 MiB, when left out.',
    { since: '4.1' },
  ),
  file_cache_enabled: setting('boolean', 'false', 'Keeps parts of files that were read in memory outside the heap.'),
  file_cache_round_up: setting(
    'boolean',
    '',
    'Whether buffers for reads are rounded up to whole chunks; by the kind of disk when left out.',
  ),
  prepared_statements_cache_size: setting('size', '', 'Memory for prepared statements; by the heap when left out.', {
    since: '4.1',
  }),
  gc_log_threshold: setting('duration', '200ms', 'Pause of the garbage collector from which it is logged.', {
    since: '4.1',
  }),
  trace_type_query_ttl: setting('duration', '1d', 'How long traces of queries are kept.', { since: '4.1' }),
  trace_type_repair_ttl: setting('duration', '7d', 'How long traces of repairs are kept.', { since: '4.1' }),
  diagnostic_events_enabled: setting('boolean', 'false', 'Offers events for finding faults.'),
  max_top_size_partition_count: setting('integer', '10', 'Largest partitions that are remembered per table.', {
    since: '4.1',
  }),
  max_top_tombstone_partition_count: setting(
    'integer',
    '10',
    'Partitions with the most deletion marks that are remembered per table.',
    { since: '4.1' },
  ),
  min_tracked_partition_size: setting(
    'size',
    '1MiB',
    'Partitions below this size are not remembered among the largest.',
    { since: '4.1' },
  ),
  min_tracked_partition_tombstone_count: setting(
    'integer',
    '5000',
    'Partitions with fewer deletion marks are not remembered among those with the most.',
    { since: '4.1' },
  ),
  top_partitions_enabled: setting('boolean', 'true', 'Whether the largest partitions are remembered.', {
    since: '4.1',
  }),
  sstable_read_rate_persistence_enabled: setting('boolean', 'false', 'Keeps how often files are read over restarts.', {
    since: '5.0',
  }),
  client_request_size_metrics_enabled: setting('boolean', 'true', 'Measures sizes of requests and answers.', {
    since: '5.0',
  }),
  paxos_variant: setting(
    'string',
    'v1',
    'How lightweight transactions work. `v2` needs fewer round trips; the same on every node.',
    {
      since: '4.1',
      values: [
        'v1_without_linearizable_reads_or_rejected_writes',
        'v1',
        'v2_without_linearizable_reads',
        'v2_without_linearizable_reads_or_rejected_writes',
        'v2',
      ],
    },
  ),
  paxos_state_purging: setting(
    'string',
    '',
    'When the state of lightweight transactions is removed; `repaired` needs regular repairs of it.',
    { since: '4.1', values: ['legacy', 'gc_grace', 'repaired'] },
  ),
  paxos_repair_enabled: setting('boolean', 'true', 'Whether repairs include the state of lightweight transactions.', {
    since: '4.1',
  }),
  paxos_purge_grace_period: setting(
    'duration',
    '60s',
    'How long the state of lightweight transactions is kept after its repair.',
    {
      since: '4.1',
    },
  ),
  paxos_on_linearizability_violations: setting(
    'string',
    'ignore',
    'What happens when a lightweight transaction finds an inconsistent order.',
    { since: '4.1', values: ['fail', 'log', 'ignore'] },
  ),
  skip_paxos_repair_on_topology_change: setting(
    'boolean',
    'false',
    'Leaves out the repair of lightweight transactions when nodes join or leave.',
    { since: '4.1' },
  ),
  skip_paxos_repair_on_topology_change_keyspaces: setting(
    'list',
    '',
    'Keyspaces for which the repair of lightweight transactions is left out when nodes join or leave.',
    {
      since: '4.1',
    },
  ),
  available_processors: setting(
    'integer',
    '-1',
    'Processors the node counts on; -1 takes those of the machine or container.',
    { since: '4.1' },
  ),
  paxos_topology_repair_no_dc_checks: setting(
    'boolean',
    'false',
    'Repairs lightweight transactions without looking at each datacenter when nodes join or leave.',
    { since: '4.1' },
  ),
  paxos_topology_repair_strict_each_quorum: setting(
    'boolean',
    'false',
    'Demands a quorum of each datacenter for the repair of lightweight transactions when nodes join or leave.',
    { since: '4.1' },
  ),
  paxos_contention_wait_randomizer: setting(
    'string',
    '',
    'How waits between attempts of lightweight transactions are chosen.',
    { since: '4.1' },
  ),
  paxos_contention_min_wait: setting('string', '', 'Least wait between attempts of lightweight transactions.', {
    since: '4.1',
  }),
  paxos_contention_max_wait: setting('string', '', 'Longest wait between attempts of lightweight transactions.', {
    since: '4.1',
  }),
  paxos_contention_min_delta: setting(
    'string',
    '',
    'Least spread of waits between attempts of lightweight transactions.',
    { since: '4.1' },
  ),
  paxos_repair_parallelism: setting(
    'integer',
    '-1',
    'Repairs of lightweight transactions at the same time; -1 lets the node choose.',
    { since: '4.1' },
  ),
  paxos_repair_race_wait: setting(
    'boolean',
    'true',
    'Waits for writes that were under way before a repair of lightweight transactions.',
    { since: '4.1' },
  ),
};
