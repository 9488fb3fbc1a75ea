import { imageVariables, rackSettings } from '#core/systems/cassandra/knowledge/environment.ts';
import { javaSettings } from '#core/systems/cassandra/knowledge/java.ts';
import { networkSettings } from '#core/systems/cassandra/knowledge/network.ts';
import { storageSettings } from '#core/systems/cassandra/knowledge/storage.ts';
import type { ReservedSettings, SystemKnowledge } from '#core/systems/contract.ts';
import { combineSettings } from '#core/systems/tables.ts';

/** Source: the config builder of cass-operator, which writes these from the resource itself. */
const ownedByOperator: ReservedSettings = {
  prefixes: [
    'cluster_name',
    'seed_provider',
    'listen_address',
    'broadcast_address',
    'broadcast_rpc_address',
    'rpc_address',
  ],
  except: [],
  reason: 'The operator sets it from other fields of the resource, so a value here is overwritten.',
};

const nodes = {
  name: 'Cassandra settings (cassandra.yaml)',
  documentation: 'https://cassandra.apache.org/doc/stable/cassandra/managing/configuration/cass_yaml_file.html',
  entries: combineSettings(storageSettings, networkSettings),
};

const managed = { ...nodes, name: 'Cassandra settings under an operator', reserved: ownedByOperator };

const java = { name: "Options of Cassandra's Java virtual machine", entries: combineSettings(javaSettings) };

const datacenter = { group: 'cassandra.datastax.com', kind: 'CassandraDatacenter' } as const;
const cluster = { group: 'k8ssandra.io', kind: 'K8ssandraCluster' } as const;

export const cassandraKnowledge: SystemKnowledge = {
  freeForm: [
    { ...datacenter, path: 'spec.config.cassandra-yaml', table: managed },
    { ...datacenter, path: 'spec.config.jvm-options', table: java },
    { ...datacenter, path: 'spec.config.jvm-server-options', table: java },
    { ...cluster, path: 'spec.cassandra.config.cassandraYaml', table: managed },
    { ...cluster, path: 'spec.cassandra.datacenters[].config.cassandraYaml', table: managed },
  ],
  files: [
    { name: 'cassandra.yaml', format: 'yaml', table: nodes },
    {
      name: 'cassandra-rackdc.properties',
      format: 'properties',
      table: { name: 'Datacenter and rack (cassandra-rackdc.properties)', entries: combineSettings(rackSettings) },
    },
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
