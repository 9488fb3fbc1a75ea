import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Variables that the start script of the official image reads. */
export const imageVariables: SettingTable = {
  CASSANDRA_SEEDS: setting(
    'list',
    '',
    'Addresses of the seeds, separated by commas; the node itself when left out, which makes a ring of its own. Name two.',
  ),
  CASSANDRA_CLUSTER_NAME: setting(
    'string',
    'Test Cluster',
    'Name of the ring. It cannot be changed while there is data.',
  ),
  CASSANDRA_NUM_TOKENS: setting('integer', '16', 'Tokens of the node; fixed once it has joined.'),
  CASSANDRA_DC: setting(
    'string',
    'datacenter1',
    'Datacenter of the node. Counts only with GossipingPropertyFileSnitch.',
  ),
  CASSANDRA_RACK: setting('string', 'rack1', 'Rack of the node. Counts only with GossipingPropertyFileSnitch.'),
  CASSANDRA_ENDPOINT_SNITCH: setting(
    'class',
    'SimpleSnitch',
    'Tells datacenter and rack. The default ignores CASSANDRA_DC and CASSANDRA_RACK.',
  ),
  CASSANDRA_LISTEN_ADDRESS: setting('string', 'auto', 'Address for other nodes; `auto` takes the address of the pod.'),
  CASSANDRA_BROADCAST_ADDRESS: setting('string', '', 'Address other nodes are told.'),
  CASSANDRA_RPC_ADDRESS: setting('string', '0.0.0.0', 'Address for clients.'),
  CASSANDRA_BROADCAST_RPC_ADDRESS: setting('string', '', 'Address clients are told.'),
  CASSANDRA_START_RPC: setting('boolean', '', 'Thrift, which Cassandra 4.0 no longer has.', { removedIn: '4.0' }),
  MAX_HEAP_SIZE: setting(
    'size',
    '',
    'Largest heap, such as `4G`; set HEAP_NEWSIZE as well. A quarter of the memory, at most 8 GB, when left out.',
  ),
  HEAP_NEWSIZE: setting('size', '', 'Part of the heap for new objects; set together with MAX_HEAP_SIZE.'),
  JVM_OPTS: setting('string', '', 'Options of the Java virtual machine.'),
  JVM_EXTRA_OPTS: setting('string', '', 'Options that are added at the end.'),
  LOCAL_JMX: setting('boolean', 'yes', 'Whether JMX answers only inside the pod.', { values: ['yes', 'no'] }),
};

/** `cassandra-rackdc.properties`, which GossipingPropertyFileSnitch reads. */
export const rackSettings: SettingTable = {
  dc: setting(
    'string',
    'dc1',
    'Datacenter of the node. Keyspaces name it in their replication; it cannot be changed while there is data.',
  ),
  rack: setting('string', 'rack1', 'Rack of the node. Replicas are spread over racks.'),
  dc_suffix: setting('string', '', 'Ending put to the name of the datacenter by the cloud snitches.'),
  prefer_local: setting('boolean', 'false', 'Whether nodes of a datacenter use their private addresses.'),
};
