import { setting, type SettingTable } from '#core/systems/tables.ts';

const GONE_IN_4 = { removedIn: '4.0' } as const;
const GONE_IN_5 = { removedIn: '5.0' } as const;

/** Settings that stop a newer node from starting, because `cassandra.yaml` may only hold names it knows. */
export const removedSettings: SettingTable = {
  start_rpc: setting('boolean', '', 'Served clients over Thrift, which Cassandra 4.0 no longer has.', GONE_IN_4),
  rpc_port: setting('integer', '', 'Port of Thrift. Clients use `native_transport_port`.', {
    ...GONE_IN_4,
    replacedBy: 'native_transport_port',
  }),
  rpc_server_type: setting('string', '', 'How Thrift served its clients.', GONE_IN_4),
  rpc_min_threads: setting('integer', '', 'Fewest threads of Thrift.', GONE_IN_4),
  rpc_max_threads: setting('integer', '', 'Most threads of Thrift.', GONE_IN_4),
  rpc_listen_backlog: setting('integer', '', 'Connections of Thrift that may wait to be taken.', GONE_IN_4),
  rpc_send_buff_size_in_bytes: setting('integer', '', 'Send buffer of Thrift.', GONE_IN_4),
  rpc_recv_buff_size_in_bytes: setting('integer', '', 'Receive buffer of Thrift.', GONE_IN_4),
  thrift_framed_transport_size_in_mb: setting('integer', '', 'Largest frame of Thrift.', GONE_IN_4),
  thrift_max_message_length_in_mb: setting('integer', '', 'Largest message of Thrift.', GONE_IN_4),
  thrift_prepared_statements_cache_size_mb: setting(
    'integer',
    '',
    'Memory for prepared statements of Thrift.',
    GONE_IN_4,
  ),
  request_scheduler: setting('class', '', 'Order in which requests of Thrift were served.', GONE_IN_4),
  request_scheduler_id: setting('string', '', 'What the order of requests of Thrift went by.', GONE_IN_4),
  request_scheduler_options: setting('object', '', 'Options for the order of requests of Thrift.', GONE_IN_4),
  streaming_socket_timeout_in_ms: setting('integer', '', 'Timeout of streams, which send signs of life now.', {
    ...GONE_IN_4,
    replacedBy: 'streaming_keep_alive_period',
  }),
  concurrent_replicates: setting(
    'integer',
    '',
    'Writes of replicas at the same time; it had no effect any more.',
    GONE_IN_5,
  ),
  native_transport_max_negotiable_protocol_version: setting(
    'integer',
    '',
    'Newest version of the protocol for clients; it had no effect any more.',
    GONE_IN_5,
  ),
  commitlog_sync_batch_window_in_ms: setting(
    'number',
    '',
    'How long writes were gathered with `commitlog_sync: batch`; it had no effect any more.',
    GONE_IN_5,
  ),
  commitlog_periodic_queue_size: setting(
    'integer',
    '',
    'Writes that could wait for the commit log; it had no effect any more.',
    GONE_IN_5,
  ),
};
