/** What a management API answers, in the shapes of version 0.1 with Cassandra 4.1. */

export const HOSTS = [
  '1b583a1a-7125-4b54-89f4-8fe1ed1b6e88',
  '0c9f6d52-3f6c-4a55-9d0e-1f2e3d4c5b6a',
  'af2332ed-7020-466e-b35a-7ade80c77703',
] as const;

type States = Readonly<Record<string, string>>;

/** An address as gossip knows it; `index` gives the Host ID, the address and the rack. */
export const endpoint = (index: number, more: States = {}): States => ({
  ENDPOINT_IP: `10.1.0.${10 + index}`,
  INTERNAL_IP: `10.1.0.${10 + index}`,
  INTERNAL_ADDRESS_AND_PORT: `10.1.0.${10 + index}:7000`,
  NATIVE_ADDRESS_AND_PORT: `10.1.0.${10 + index}:9042`,
  IS_ALIVE: 'true',
  STATUS: 'NORMAL,-1111111111111111111',
  STATUS_WITH_PORT: 'NORMAL,-1111111111111111111',
  HOST_ID: HOSTS[index] ?? '',
  DC: 'dc1',
  RACK: `r${index + 1}`,
  LOAD: '1.2345678E8',
  SCHEMA: '2207c2a9-f598-3971-986b-2926e09e239d',
  RELEASE_VERSION: '4.1.5',
  RPC_READY: 'true',
  TOKENS: '\u0000\u0001binary',
  ...more,
});

/** As the API wraps what it hands on. */
export const entity = (value: unknown): string =>
  JSON.stringify({ entity: value, variant: { language: null, mediaType: null }, annotations: [], mediaType: null });

export const threeUp = entity([endpoint(0), endpoint(1), endpoint(2)]);

export const streaming = entity([
  {
    'b6aa21f0-2f2e-11ee-8a3b-0242ac120003': [
      {
        STREAM_OPERATION: 'Bootstrap',
        PEER: '/10.1.0.12:7000',
        USING_CONNECTION: '/10.1.0.12:7000',
        TOTAL_FILES_TO_RECEIVE: '12',
        TOTAL_FILES_RECEIVED: '3',
        TOTAL_SIZE_TO_RECEIVE: '1048576',
        TOTAL_SIZE_RECEIVED: '262144',
        TOTAL_FILES_TO_SEND: '0',
        TOTAL_FILES_SENT: '0',
        TOTAL_SIZE_TO_SEND: '0',
        TOTAL_SIZE_SENT: '0',
      },
    ],
  },
]);

export const compacting = JSON.stringify([
  {
    id: '75e1f2a0-ffff-11ee-8a3b-0242ac120003',
    keyspace: 'shop',
    columnfamily: 'orders',
    completed: 250,
    total: 1000,
    taskType: 'Validation',
    unit: 'bytes',
    compactionId: '75e1f2a0-2f2e-11ee-8a3b-0242ac120003',
    ssTables: null,
  },
]);

const network = 'org.apache.cassandra.locator.NetworkTopologyStrategy';

/** The answers of a healthy node, by path. */
export const healthy: Readonly<Record<string, string>> = {
  '/api/v0/metadata/endpoints': threeUp,
  '/api/v0/ops/node/streaminfo': entity([]),
  '/api/v1/ops/node/schema/versions': JSON.stringify({
    '2207c2a9-f598-3971-986b-2926e09e239d': ['10.1.0.10', '10.1.0.11', '10.1.0.12'],
  }),
  '/api/v1/ops/tables/compactions': '[]',
  '/api/v0/ops/keyspace': '["system","system_auth","shop"]',
  '/api/v0/ops/keyspace/replication?keyspaceName=system': '{"class":"org.apache.cassandra.locator.LocalStrategy"}',
  '/api/v0/ops/keyspace/replication?keyspaceName=system_auth': `{"class":"${network}","dc1":"3"}`,
  '/api/v0/ops/keyspace/replication?keyspaceName=shop': `{"class":"${network}","dc1":"3/1"}`,
  '/api/v2/tokens/rangetoendpoint?keyspaceName=shop':
    '{"token_range_to_endpoints":[{"tokens":[-9223372036854775807,-12],"endpoints":["10.1.0.10","10.1.0.11"]},{"tokens":[-12,9223372036854775801],"endpoints":["10.1.0.12"]}]}',
};
