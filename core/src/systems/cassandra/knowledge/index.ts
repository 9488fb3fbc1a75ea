import { accessSettings } from '#core/systems/cassandra/knowledge/access.ts';
import { cacheSettings } from '#core/systems/cassandra/knowledge/caches.ts';
import { connectionSettings } from '#core/systems/cassandra/knowledge/connections.ts';
import { imageVariables, rackSettings } from '#core/systems/cassandra/knowledge/environment.ts';
import { guardrailSettings } from '#core/systems/cassandra/knowledge/guardrails.ts';
import * as java from '#core/systems/cassandra/knowledge/java.ts';
import { networkSettings } from '#core/systems/cassandra/knowledge/network.ts';
import { removedSettings } from '#core/systems/cassandra/knowledge/removed.ts';
import { renamedSettings } from '#core/systems/cassandra/knowledge/renamed.ts';
import { storageSettings } from '#core/systems/cassandra/knowledge/storage.ts';
import { streamingSettings } from '#core/systems/cassandra/knowledge/streaming.ts';
import { writeSettings } from '#core/systems/cassandra/knowledge/writes.ts';
import type { KnowledgeTable, ReservedSettings, SystemKnowledge } from '#core/systems/contract.ts';
import { combineSettings, setting, type SettingTable } from '#core/systems/tables.ts';

/** Source: the overrides of the config builder in k8ssandra-client, which cass-operator runs before each start. */
const ownedByOperator: ReservedSettings = {
  prefixes: [
    'cluster_name',
    'seed_provider',
    'listen_address',
    'broadcast_address',
    'broadcast_rpc_address',
    'rpc_address',
    'endpoint_snitch',
  ],
  except: [],
  reason: 'The operator sets it from other fields of the resource, so a value here is overwritten.',
};

const nodes: KnowledgeTable = {
  name: 'Cassandra settings (cassandra.yaml)',
  documentation: 'https://cassandra.apache.org/doc/stable/cassandra/managing/configuration/cass_yaml_file.html',
  catalogue: { system: 'cassandra', table: 'node' },
  entries: combineSettings(
    storageSettings,
    networkSettings,
    writeSettings,
    connectionSettings,
    streamingSettings,
    cacheSettings,
    accessSettings,
    guardrailSettings,
    renamedSettings,
    removedSettings,
  ),
};

const managed = { ...nodes, name: 'Cassandra settings under an operator', reserved: ownedByOperator };

/** Files that cass-operator makes of `spec.config`. */
const files: SettingTable = {
  'cassandra-yaml': setting('object', '', 'What differs from the `cassandra.yaml` of the image.'),
  'cassandra-env-sh': setting('object', '', 'What is added to the start script.'),
  'jvm-server-options': setting('object', '', 'Options of the Java virtual machine since Cassandra 4.0.', {
    since: '4.0',
  }),
  'jvm11-server-options': setting('object', '', 'Options for Java 11 alone.', { since: '4.0' }),
  'jvm17-server-options': setting('object', '', 'Options for Java 17 alone.', { since: '5.0' }),
  'jvm-options': setting('object', '', 'Options of the Java virtual machine of Cassandra 3.11.', {
    removedIn: '4.0',
    replacedBy: 'jvm-server-options',
  }),
};

const rack = { name: 'Datacenter and rack (cassandra-rackdc.properties)', entries: combineSettings(rackSettings) };

function optionsTable(file: string, settings: SettingTable): KnowledgeTable {
  return { name: `Options under cass-operator (${file})`, entries: combineSettings(settings) };
}

const datacenter = { group: 'cassandra.datastax.com', kind: 'CassandraDatacenter' } as const;
const cluster = { group: 'k8ssandra.io', kind: 'K8ssandraCluster' } as const;

const SERVER_TYPE = { path: 'spec.cassandra.serverType', value: 'cassandra' } as const;

const OPTION_FILES: readonly (readonly [string, SettingTable])[] = [
  ['jvm-server-options', java.serverSettings],
  ['jvm11-server-options', java.java11Settings],
  ['jvm17-server-options', java.java17Settings],
  ['jvm-options', java.java8Settings],
  ['cassandra-env-sh', java.scriptSettings],
];

export const cassandraKnowledge: SystemKnowledge = {
  freeForm: [
    {
      ...datacenter,
      path: 'spec.config',
      table: { name: 'Configuration files under cass-operator', entries: combineSettings(files) },
    },
    {
      ...datacenter,
      path: 'spec.config.cassandra-yaml',
      table: managed,
      version: ['spec.serverVersion'],
      onlyFor: { path: 'spec.serverType', value: 'cassandra' },
    },
    ...OPTION_FILES.map(([file, settings]) => ({
      ...datacenter,
      path: `spec.config.${file}`,
      table: optionsTable(file, settings),
    })),
    {
      ...cluster,
      path: 'spec.cassandra.config.cassandraYaml',
      table: managed,
      version: ['spec.cassandra.serverVersion'],
      onlyFor: SERVER_TYPE,
    },
    {
      ...cluster,
      path: 'spec.cassandra.datacenters[].config.cassandraYaml',
      table: managed,
      version: ['spec.cassandra.datacenters[].serverVersion', 'spec.cassandra.serverVersion'],
      onlyFor: SERVER_TYPE,
    },
  ],
  files: [
    { name: 'cassandra.yaml', format: 'yaml', table: nodes },
    { name: 'cassandra-rackdc.properties', format: 'properties', table: rack },
  ],
  environments: [
    {
      image: /(?:^|\/)cassandra(?::|@|$)/,
      table: {
        name: 'Variables of the image cassandra',
        documentation: 'https://hub.docker.com/_/cassandra',
        entries: combineSettings(imageVariables),
      },
    },
  ],
};
