import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: guardrails: limits that keep clients from harming the ring. Defaults are those of the program. */
export const guardrailSettings: SettingTable = {
  keyspaces_warn_threshold: setting('integer', '-1', 'Number of keyspaces from which a warning is given; -1 never.', {
    since: '4.1',
  }),
  keyspaces_fail_threshold: setting(
    'integer',
    '-1',
    'Number of keyspaces beyond which new ones are refused; -1 never.',
    { since: '4.1' },
  ),
  tables_warn_threshold: setting('integer', '-1', 'Number of tables from which a warning is given; -1 never.', {
    since: '4.1',
  }),
  tables_fail_threshold: setting('integer', '-1', 'Number of tables beyond which new ones are refused; -1 never.', {
    since: '4.1',
  }),
  columns_per_table_warn_threshold: setting(
    'integer',
    '-1',
    'Columns of a table from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  columns_per_table_fail_threshold: setting(
    'integer',
    '-1',
    'Columns of a table beyond which more are refused; -1 never.',
    { since: '4.1' },
  ),
  secondary_indexes_per_table_warn_threshold: setting(
    'integer',
    '-1',
    'Indexes of a table from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  secondary_indexes_per_table_fail_threshold: setting(
    'integer',
    '-1',
    'Indexes of a table beyond which more are refused; -1 never.',
    { since: '4.1' },
  ),
  materialized_views_per_table_warn_threshold: setting(
    'integer',
    '-1',
    'Materialized views of a table from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  materialized_views_per_table_fail_threshold: setting(
    'integer',
    '-1',
    'Materialized views of a table beyond which more are refused; -1 never.',
    { since: '4.1' },
  ),
  page_size_warn_threshold: setting('integer', '-1', 'Page size of a read from which a warning is given; -1 never.', {
    since: '4.1',
  }),
  page_size_fail_threshold: setting('integer', '-1', 'Page size beyond which a read is refused; -1 never.', {
    since: '4.1',
  }),
  partition_keys_in_select_warn_threshold: setting(
    'integer',
    '-1',
    'Partition keys in one `IN` from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  partition_keys_in_select_fail_threshold: setting(
    'integer',
    '-1',
    'Partition keys in one `IN` beyond which a read is refused; -1 never.',
    { since: '4.1' },
  ),
  in_select_cartesian_product_warn_threshold: setting(
    'integer',
    '-1',
    'Combinations of several `IN` from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  in_select_cartesian_product_fail_threshold: setting(
    'integer',
    '-1',
    'Combinations of several `IN` beyond which a read is refused; -1 never.',
    { since: '4.1' },
  ),
  table_properties_warned: setting('list', '', 'Properties of tables that give a warning.', { since: '4.1' }),
  table_properties_ignored: setting('list', '', 'Properties of tables that are left out with a warning.', {
    since: '4.1',
  }),
  table_properties_disallowed: setting('list', '', 'Properties of tables that are refused.', { since: '4.1' }),
  read_consistency_levels_warned: setting('list', '', 'Levels of reads that give a warning.', { since: '4.1' }),
  read_consistency_levels_disallowed: setting('list', '', 'Levels of reads that are refused.', { since: '4.1' }),
  write_consistency_levels_warned: setting('list', '', 'Levels of writes that give a warning.', { since: '4.1' }),
  write_consistency_levels_disallowed: setting('list', '', 'Levels of writes that are refused.', { since: '4.1' }),
  user_timestamps_enabled: setting('boolean', 'true', 'Whether clients may say the time of a write themselves.', {
    since: '4.1',
  }),
  group_by_enabled: setting('boolean', 'true', 'Whether `GROUP BY` is allowed.', { since: '4.1' }),
  drop_truncate_table_enabled: setting('boolean', 'true', 'Whether tables may be dropped and truncated.', {
    since: '4.1',
  }),
  drop_keyspace_enabled: setting('boolean', 'true', 'Whether keyspaces may be dropped.', { since: '5.0' }),
  alter_table_enabled: setting('boolean', 'true', 'Whether columns of tables may be changed.', { since: '5.0' }),
  secondary_indexes_enabled: setting('boolean', 'true', 'Whether indexes may be made.', { since: '4.1' }),
  uncompressed_tables_enabled: setting('boolean', 'true', 'Whether tables without compression may be made.', {
    since: '4.1',
  }),
  compact_tables_enabled: setting('boolean', 'true', 'Whether tables with compact storage may be made.', {
    since: '4.1',
  }),
  read_before_write_list_operations_enabled: setting(
    'boolean',
    'true',
    'Whether changes of lists that must read first are allowed.',
    { since: '4.1' },
  ),
  allow_filtering_enabled: setting('boolean', 'true', 'Whether `ALLOW FILTERING` is allowed.', { since: '4.1' }),
  simplestrategy_enabled: setting('boolean', 'true', 'Whether keyspaces with SimpleStrategy may be made.', {
    since: '5.0',
  }),
  use_statements_enabled: setting('boolean', 'true', 'Whether `USE` is allowed.', { since: '4.1' }),
  partition_size_warn_threshold: setting('size', '', 'Size of a partition from which a warning is logged.', {
    since: '5.0',
  }),
  partition_size_fail_threshold: setting(
    'size',
    '',
    'Size of a partition from which an error is logged; nothing is refused.',
    { since: '5.0' },
  ),
  partition_tombstones_warn_threshold: setting(
    'integer',
    '-1',
    'Deletion marks in a partition from which a warning is logged; -1 never.',
    { since: '5.0' },
  ),
  partition_tombstones_fail_threshold: setting(
    'integer',
    '-1',
    'Deletion marks in a partition from which an error is logged; -1 never.',
    { since: '5.0' },
  ),
  column_value_size_warn_threshold: setting('size', '', 'Size of a value from which a warning is given.', {
    since: '5.0',
  }),
  column_value_size_fail_threshold: setting('size', '', 'Size of a value beyond which a write is refused.', {
    since: '5.0',
  }),
  collection_size_warn_threshold: setting('size', '', 'Size of a collection from which a warning is given.', {
    since: '4.1',
  }),
  collection_size_fail_threshold: setting('size', '', 'Size of a collection beyond which a write is refused.', {
    since: '4.1',
  }),
  items_per_collection_warn_threshold: setting(
    'integer',
    '-1',
    'Items of a collection from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  items_per_collection_fail_threshold: setting(
    'integer',
    '-1',
    'Items of a collection beyond which a write is refused; -1 never.',
    { since: '4.1' },
  ),
  fields_per_udt_warn_threshold: setting(
    'integer',
    '-1',
    'Fields of a type of a client from which a warning is given; -1 never.',
    { since: '4.1' },
  ),
  fields_per_udt_fail_threshold: setting(
    'integer',
    '-1',
    'Fields of a type of a client beyond which more are refused; -1 never.',
    { since: '4.1' },
  ),
  vector_type_enabled: setting('boolean', 'true', 'Whether columns of vectors may be made.', { since: '5.0' }),
  vector_dimensions_warn_threshold: setting(
    'integer',
    '-1',
    'Dimensions of a vector from which a warning is given; -1 never.',
    { since: '5.0' },
  ),
  vector_dimensions_fail_threshold: setting(
    'integer',
    '-1',
    'Dimensions of a vector beyond which a column is refused; -1 never.',
    { since: '5.0' },
  ),
  data_disk_usage_percentage_warn_threshold: setting(
    'integer',
    '-1',
    'Per cent of the disk in use from which writes get a warning; -1 never.',
    { since: '4.1' },
  ),
  data_disk_usage_percentage_fail_threshold: setting(
    'integer',
    '-1',
    'Per cent of the disk in use beyond which writes are refused; -1 never.',
    { since: '4.1' },
  ),
  data_disk_usage_max_disk_size: setting(
    'size',
    '',
    'Size that counts as the whole disk; the real one when left out.',
    { since: '4.1' },
  ),
  minimum_replication_factor_warn_threshold: setting(
    'integer',
    '-1',
    'A keyspace with fewer replicas gets a warning; -1 never.',
    { since: '4.1' },
  ),
  minimum_replication_factor_fail_threshold: setting(
    'integer',
    '-1',
    'A keyspace with fewer replicas is refused; -1 never.',
    { since: '4.1' },
  ),
  maximum_replication_factor_warn_threshold: setting(
    'integer',
    '-1',
    'A keyspace with more replicas gets a warning; -1 never.',
    { since: '5.0' },
  ),
  maximum_replication_factor_fail_threshold: setting(
    'integer',
    '-1',
    'A keyspace with more replicas is refused; -1 never.',
    { since: '5.0' },
  ),
  zero_ttl_on_twcs_warned: setting('boolean', 'true', 'Warns about tables with time windows whose rows never end.', {
    since: '5.0',
  }),
  zero_ttl_on_twcs_enabled: setting(
    'boolean',
    'true',
    'Whether tables with time windows whose rows never end are allowed.',
    { since: '5.0' },
  ),
  non_partition_restricted_index_query_enabled: setting(
    'boolean',
    'true',
    'Whether reads by an index over all partitions are allowed.',
    { since: '5.0' },
  ),
  intersect_filtering_query_warned: setting(
    'boolean',
    'true',
    'Warns about reads that filter what several conditions leave.',
    { since: '5.0' },
  ),
  intersect_filtering_query_enabled: setting(
    'boolean',
    'true',
    'Whether reads that filter what several conditions leave are allowed.',
    { since: '5.0' },
  ),
  sai_sstable_indexes_per_query_warn_threshold: setting(
    'integer',
    '32',
    'Index files one read touches from which a warning is given; -1 never.',
    { since: '5.0' },
  ),
  sai_sstable_indexes_per_query_fail_threshold: setting(
    'integer',
    '-1',
    'Index files one read may touch; -1 sets no limit.',
    { since: '5.0' },
  ),
  sai_string_term_size_warn_threshold: setting(
    'size',
    '1KiB',
    'Size of an indexed text from which a warning is given.',
    { since: '5.0' },
  ),
  sai_string_term_size_fail_threshold: setting(
    'size',
    '8KiB',
    'Size of an indexed text beyond which a write is refused.',
    { since: '5.0' },
  ),
  sai_frozen_term_size_warn_threshold: setting(
    'size',
    '1KiB',
    'Size of an indexed frozen value from which a warning is given.',
    { since: '5.0' },
  ),
  sai_frozen_term_size_fail_threshold: setting(
    'size',
    '8KiB',
    'Size of an indexed frozen value beyond which a write is refused.',
    { since: '5.0' },
  ),
  sai_vector_term_size_warn_threshold: setting(
    'size',
    '16KiB',
    'Size of an indexed vector from which a warning is given.',
    { since: '5.0' },
  ),
  sai_vector_term_size_fail_threshold: setting(
    'size',
    '32KiB',
    'Size of an indexed vector beyond which a write is refused.',
    { since: '5.0' },
  ),
  maximum_timestamp_warn_threshold: setting(
    'duration',
    '',
    'A write whose time lies further in the future gets a warning.',
    { since: '5.0' },
  ),
  maximum_timestamp_fail_threshold: setting(
    'duration',
    '',
    'A write whose time lies further in the future is refused.',
    { since: '5.0' },
  ),
  minimum_timestamp_warn_threshold: setting(
    'duration',
    '',
    'A write whose time lies further in the past gets a warning.',
    { since: '5.0' },
  ),
  minimum_timestamp_fail_threshold: setting('duration', '', 'A write whose time lies further in the past is refused.', {
    since: '5.0',
  }),
  read_thresholds_enabled: setting('boolean', 'false', 'Turns the limits on what a read may bring on.', {
    since: '4.1',
  }),
  coordinator_read_size_warn_threshold: setting(
    'size',
    '',
    'Size of the answer to a client from which a warning is given.',
    { since: '4.1' },
  ),
  coordinator_read_size_fail_threshold: setting(
    'size',
    '',
    'Size of the answer to a client beyond which a read is given up.',
    { since: '4.1' },
  ),
  local_read_size_warn_threshold: setting('size', '', 'Data read on one node from which a warning is given.', {
    since: '4.1',
  }),
  local_read_size_fail_threshold: setting('size', '', 'Data read on one node beyond which a read is given up.', {
    since: '4.1',
  }),
  row_index_read_size_warn_threshold: setting(
    'size',
    '',
    'Size of the index of a partition from which a read gets a warning.',
    { since: '4.1' },
  ),
  row_index_read_size_fail_threshold: setting(
    'size',
    '',
    'Size of the index of a partition beyond which a read is given up.',
    { since: '4.1' },
  ),
  replica_filtering_protection: setting(
    'object',
    '',
    'Limits of memory for rows that must be asked for again when replicas filter.',
  ),
  unlogged_batch_across_partitions_warn_threshold: setting(
    'integer',
    '10',
    'Partitions in an unlogged batch from which a warning is logged.',
  ),
  max_value_size: setting('size', '256MiB', 'A larger value in a file is taken as damage.', { since: '4.1' }),
};
