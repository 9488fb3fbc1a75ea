import { setting, type SettingTable } from '#core/systems/tables.ts';

/** `cassandra.yaml` of Apache Cassandra 4.0 to 5.0: addresses, requests, repair, security. */
export const networkSettings: SettingTable = {
  seed_provider: setting(
    'list',
    '',
    'Where a node learns about the ring: two or three nodes per datacenter, the same on every node. A seed does not stream data when it joins.',
  ),
  listen_address: setting('string', 'localhost', 'Address other nodes reach this node at; never 0.0.0.0.'),
  listen_interface: setting('string', '', 'Network interface instead of `listen_address`.'),
  broadcast_address: setting('string', '', 'Address other nodes are told, when it differs from `listen_address`.'),
  rpc_address: setting(
    'string',
    'localhost',
    'Address clients reach this node at. With 0.0.0.0 set `broadcast_rpc_address` too.',
  ),
  broadcast_rpc_address: setting('string', '', 'Address clients are told.'),
  storage_port: setting('integer', '7000', 'Port between the nodes; the same on every node.'),
  ssl_storage_port: setting('integer', '7001', 'Port between the nodes for older encrypted connections.'),
  native_transport_port: setting('integer', '9042', 'Port for clients.'),
  start_native_transport: setting('boolean', 'true', 'Whether clients are served.'),
  native_transport_max_threads: setting('integer', '128', 'Most threads for requests of clients.'),
  native_transport_max_frame_size: setting('size', '16MiB', 'Largest request a client may send.', { since: '4.1' }),
  endpoint_snitch: setting(
    'class',
    'SimpleSnitch',
    'Tells datacenter and rack of a node. SimpleSnitch knows neither; changing it on a ring with data moves replicas.',
    {
      values: [
        'SimpleSnitch',
        'GossipingPropertyFileSnitch',
        'PropertyFileSnitch',
        'Ec2Snitch',
        'Ec2MultiRegionSnitch',
        'GoogleCloudSnitch',
        'RackInferringSnitch',
        'AlibabaCloudSnitch',
        'AzureSnitch',
        'CloudstackSnitch',
      ],
    },
  ),
  dynamic_snitch_badness_threshold: setting(
    'number',
    '1.0',
    'How much worse a replica must be before another is read.',
  ),
  auto_bootstrap: setting(
    'boolean',
    'true',
    'Whether a new node streams its share of the data. Off makes it answer with nothing.',
  ),
  read_request_timeout: setting('duration', '5000ms', 'Wait for a read.', { since: '4.1' }),
  range_request_timeout: setting('duration', '10000ms', 'Wait for a read over a range.', { since: '4.1' }),
  write_request_timeout: setting('duration', '2000ms', 'Wait for a write.', { since: '4.1' }),
  counter_write_request_timeout: setting('duration', '5000ms', 'Wait for a write to a counter.', { since: '4.1' }),
  cas_contention_timeout: setting('duration', '1800ms', 'How long a lightweight transaction tries against others.', {
    since: '4.1',
  }),
  truncate_request_timeout: setting('duration', '60000ms', 'Wait for a truncation, snapshot included.', {
    since: '4.1',
  }),
  request_timeout: setting('duration', '10000ms', 'Wait for everything else.', { since: '4.1' }),
  slow_query_log_timeout: setting('duration', '500ms', 'A query that takes longer is logged.', { since: '4.1' }),
  phi_convict_threshold: setting(
    'number',
    '8',
    'How suspicious silence must be before a node counts as down. Higher suits networks with pauses.',
  ),
  hinted_handoff_enabled: setting('boolean', 'true', 'Keeps writes for nodes that are away and delivers them later.', {
    scope: 'node',
  }),
  max_hint_window: setting('duration', '3h', 'A node that was away longer gets no more hints: repair it.', {
    since: '4.1',
  }),
  hinted_handoff_throttle: setting('size', '1024KiB', 'Speed limit of delivering hints, per thread.', { since: '4.1' }),
  max_hints_delivery_threads: setting('integer', '2', 'Threads that deliver hints.'),
  stream_throughput_outbound: setting(
    'rate',
    '24MiB/s',
    'Speed limit of streaming to other nodes. `nodetool setstreamthroughput` changes it at once.',
    { since: '4.1', scope: 'node' },
  ),
  inter_dc_stream_throughput_outbound: setting('rate', '24MiB/s', 'Speed limit of streaming to other datacenters.', {
    since: '4.1',
    scope: 'node',
  }),
  stream_entire_sstables: setting('boolean', 'true', 'Sends whole files where it can, which is much faster.'),
  repair_session_space: setting('size', '', 'Memory for the hash trees of a repair.', { since: '4.1' }),
  internode_compression: setting('string', 'dc', 'Which connections between nodes are compressed.', {
    values: ['all', 'dc', 'none'],
  }),
  authenticator: setting(
    'class',
    'AllowAllAuthenticator',
    'How clients prove who they are. AllowAllAuthenticator lets everybody in.',
  ),
  authorizer: setting(
    'class',
    'AllowAllAuthorizer',
    'Who may do what. AllowAllAuthorizer lets everybody do everything.',
  ),
  role_manager: setting('class', 'CassandraRoleManager', 'Where roles are kept.'),
  network_authorizer: setting('class', 'AllowAllNetworkAuthorizer', 'Which datacenters a role may use.'),
  permissions_validity: setting('duration', '2000ms', 'How long permissions are remembered.', { since: '4.1' }),
  roles_validity: setting('duration', '2000ms', 'How long roles are remembered.', { since: '4.1' }),
  credentials_validity: setting('duration', '2000ms', 'How long passwords are remembered.', { since: '4.1' }),
  server_encryption_options: setting('object', '', 'Encryption between the nodes.'),
  client_encryption_options: setting('object', '', 'Encryption between clients and nodes.'),
  audit_logging_options: setting('object', '', 'Log of who did what.'),
  full_query_logging_options: setting('object', '', 'Log of every query, for replaying it.'),
  tombstone_warn_threshold: setting('integer', '1000', 'Deletion marks in one read from which a warning is logged.'),
  tombstone_failure_threshold: setting('integer', '100000', 'Deletion marks in one read at which it is given up.'),
  batch_size_warn_threshold: setting('size', '5KiB', 'Size of a batch from which a warning is logged.', {
    since: '4.1',
  }),
  batch_size_fail_threshold: setting('size', '50KiB', 'Size of a batch at which it is refused.', { since: '4.1' }),
  gc_warn_threshold: setting('duration', '1000ms', 'Pause of the garbage collector from which a warning is logged.', {
    since: '4.1',
  }),
  materialized_views_enabled: setting(
    'boolean',
    'false',
    'Whether materialized views may be made. They can lose consistency.',
    { since: '4.1' },
  ),
  user_defined_functions_enabled: setting('boolean', 'false', 'Whether clients may bring functions along.', {
    since: '4.1',
  }),
};
