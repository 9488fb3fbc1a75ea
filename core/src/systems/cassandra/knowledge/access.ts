import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: logins, permissions and what clients may use. Defaults are those of the program. */
export const accessSettings: SettingTable = {
  permissions_update_interval: setting(
    'duration',
    '',
    'Age at which remembered permissions are fetched again; as long as they are valid when left out.',
    { since: '4.1' },
  ),
  permissions_cache_max_entries: setting('integer', '1000', 'Permissions that are remembered.'),
  permissions_cache_active_update: setting(
    'boolean',
    'false',
    'Fetches remembered permissions again before they are asked for.',
    { since: '4.1' },
  ),
  roles_update_interval: setting(
    'duration',
    '',
    'Age at which remembered roles are fetched again; as long as they are valid when left out.',
    { since: '4.1' },
  ),
  roles_cache_max_entries: setting('integer', '1000', 'Roles that are remembered.'),
  roles_cache_active_update: setting('boolean', 'false', 'Fetches remembered roles again before they are asked for.', {
    since: '4.1',
  }),
  credentials_update_interval: setting(
    'duration',
    '',
    'Age at which remembered passwords are fetched again; as long as they are valid when left out.',
    { since: '4.1' },
  ),
  credentials_cache_max_entries: setting('integer', '1000', 'Passwords that are remembered, encrypted.'),
  credentials_cache_active_update: setting(
    'boolean',
    'false',
    'Fetches remembered passwords again before they are asked for.',
    { since: '4.1' },
  ),
  auth_cache_warming_enabled: setting('boolean', 'false', 'Fills the caches for logins at the start.', {
    since: '4.1',
  }),
  auth_read_consistency_level: setting('string', 'LOCAL_QUORUM', 'Level of reads of roles and permissions.', {
    since: '4.1',
  }),
  auth_write_consistency_level: setting('string', 'EACH_QUORUM', 'Level of writes of roles and permissions.', {
    since: '4.1',
  }),
  traverse_auth_from_root: setting(
    'boolean',
    'false',
    'Looks for a permission from all keyspaces down to the table instead of the other way.',
    { since: '4.1' },
  ),
  cidr_authorizer: setting('class', 'AllowAllCIDRAuthorizer', 'Which networks a role may come from.', { since: '5.0' }),
  crypto_provider: setting('class', '', 'Provider of cryptography; Amazon Corretto when it is there.', {
    since: '5.0',
  }),
  dynamic_data_masking_enabled: setting(
    'boolean',
    'false',
    'Whether columns may be shown masked to those without permission.',
    { since: '5.0' },
  ),
  user_defined_functions_threads_enabled: setting(
    'boolean',
    'true',
    'Runs functions of clients in threads of their own, which can be stopped.',
    { since: '4.1' },
  ),
  user_defined_functions_warn_timeout: setting(
    'duration',
    '500ms',
    'A function of a client that takes longer is logged.',
    { since: '4.1' },
  ),
  user_defined_functions_fail_timeout: setting(
    'duration',
    '1500ms',
    'A function of a client that takes longer is stopped.',
    { since: '4.1' },
  ),
  user_function_timeout_policy: setting(
    'string',
    'die',
    'What happens to the node when a function of a client cannot be stopped.',
    { values: ['ignore', 'die', 'die_immediate'] },
  ),
  scripted_user_defined_functions_enabled: setting(
    'boolean',
    'false',
    'Whether functions in JavaScript are allowed, which run without protection.',
    { since: '4.1' },
  ),
  allow_insecure_udfs: setting('boolean', 'false', 'Allows functions of clients without threads of their own.'),
  allow_extra_insecure_udfs: setting(
    'boolean',
    'false',
    'Allows functions of clients to use parts of the node itself.',
  ),
  transient_replication_enabled: setting(
    'boolean',
    'false',
    'Whether keyspaces may have replicas that keep unrepaired data only. Experimental.',
    { since: '4.1' },
  ),
  sasi_indexes_enabled: setting('boolean', 'false', 'Whether SASI indexes may be made. Experimental.', {
    since: '4.1',
  }),
  drop_compact_storage_enabled: setting('boolean', 'false', 'Whether `DROP COMPACT STORAGE` is allowed.', {
    since: '4.1',
  }),
  partition_denylist_enabled: setting('boolean', 'false', 'Whether single partitions can be shut off.', {
    since: '4.1',
  }),
  denylist_reads_enabled: setting('boolean', 'true', 'Whether reads of partitions that are shut off are refused.', {
    since: '4.1',
  }),
  denylist_writes_enabled: setting('boolean', 'true', 'Whether writes to partitions that are shut off are refused.', {
    since: '4.1',
  }),
  denylist_range_reads_enabled: setting(
    'boolean',
    'true',
    'Whether reads of ranges with partitions that are shut off are refused.',
    { since: '4.1' },
  ),
  denylist_refresh: setting('duration', '600s', 'How often the list of partitions that are shut off is read.', {
    since: '4.1',
  }),
  denylist_initial_load_retry: setting(
    'duration',
    '5s',
    'Pause before the list of partitions that are shut off is tried again at the start.',
    {
      since: '4.1',
    },
  ),
  denylist_max_keys_per_table: setting('integer', '1000', 'Partitions that can be shut off per table.', {
    since: '4.1',
  }),
  denylist_max_keys_total: setting('integer', '10000', 'Partitions that can be shut off in all.', { since: '4.1' }),
  denylist_consistency_level: setting(
    'string',
    'QUORUM',
    'Level of reads of the list of partitions that are shut off.',
    { since: '4.1' },
  ),
  log_out_of_token_range_requests: setting('boolean', 'true', 'Logs requests for data the node does not own.'),
  reject_out_of_token_range_requests: setting('boolean', 'false', 'Refuses requests for data the node does not own.'),
};
