import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import type { ContainerFacts, DocumentFacts, Recognition } from '#core/systems/contract.ts';
import { recognizeBy, repositoryOf, type RecognitionTable } from '#core/systems/recognition.ts';

/** Images whose usual program is a node. Clients use them too, for cqlsh and nodetool. */
const NODE_IMAGE = /(?:^|\/)(?:cassandra(?:-mgmtapi-[\w-]+)?|cass-management-api|dse-(?:server|mgmtapi(?:-\w+)?)|hcd)$/;
/** Any image that says Cassandra in its name; what it runs has to show elsewhere. */
const CASSANDRA_IMAGE = /cassandra[^/]*$/;

const STARTS_NODE = /\bcassandra -[fR]/;
const RUNS_TOOL =
  /\b(?:cqlsh|nodetool|sstableloader|sstable\w+|cassandra-stress|dsbulk|medusa)\b|\bsleep (?:infinity|\d{3,})|\btail -f\b/;
const NODE_VARIABLE = /^CASSANDRA_(?:SEEDS|CLUSTER_NAME|ENDPOINT_SNITCH|LISTEN_ADDRESS)$/;

const table: RecognitionTable = {
  system: 'cassandra',
  kinds: cassandraKinds,
  images: [
    { image: NODE_IMAGE, role: 'cluster', flavour: 'cass-operator', when: underLabel('cassandra.datastax.com/') },
    { image: NODE_IMAGE, role: 'cluster', flavour: 'casskop', when: underLabel('cassandraclusters.db.orange.com') },
    { image: NODE_IMAGE, role: 'cluster', flavour: 'kubernetes', when: runsNode },
    { image: CASSANDRA_IMAGE, role: 'cluster', flavour: 'kubernetes', when: showsNode },
    {
      image:
        /(?:^|\/)(?:thelastpickle\/cassandra-reaper|criteord\/cassandra_exporter|bitnami(?:legacy)?\/cassandra-exporter)$/,
      role: 'companion',
      flavour: 'kubernetes',
      when: runsForLong,
    },
  ],
  files: [
    'cassandra.yaml',
    'cassandra-rackdc.properties',
    'cassandra-topology.properties',
    'cassandra-env.sh',
    'jvm-server.options',
    'jvm11-server.options',
    'jvm17-server.options',
  ],
};

function runsForLong({ kind }: DocumentFacts): boolean {
  return kind !== 'Job' && kind !== 'CronJob';
}

function underLabel(prefix: string): (facts: DocumentFacts) => boolean {
  return (facts) => [...facts.labels.keys()].some((key) => key.startsWith(prefix)) && runsNode(facts);
}

function runsNode(facts: DocumentFacts): boolean {
  return facts.containers.some((container) => isNode(facts, container));
}

function showsNode(facts: DocumentFacts): boolean {
  return facts.containers.some((container) => looksLikeNode(facts, container));
}

/** Which of the containers run a node, and not a tool or a companion of one. */
export function nodeContainers(facts: DocumentFacts): readonly ContainerFacts[] {
  return facts.containers.filter((container) => isNode(facts, container) || looksLikeNode(facts, container));
}

/** A StatefulSet of a node image runs nodes unless its command says otherwise; anything else must listen or configure one. */
function isNode(facts: DocumentFacts, container: ContainerFacts): boolean {
  if (!NODE_IMAGE.test(repositoryOf(container.image)) || !mayRunNode(facts, container)) return false;
  return facts.kind === 'StatefulSet' || listens(container) || isConfigured(container);
}

/** An image of any name with Cassandra in it: it must talk to other nodes, which no client does. */
function looksLikeNode(facts: DocumentFacts, container: ContainerFacts): boolean {
  if (!CASSANDRA_IMAGE.test(repositoryOf(container.image)) || !mayRunNode(facts, container)) return false;
  const hasData = container.mountPaths.some((path) => path.startsWith('/var/lib/cassandra'));
  return STARTS_NODE.test(container.command) || (listens(container) && (isConfigured(container) || hasData));
}

function mayRunNode(facts: DocumentFacts, { command }: ContainerFacts): boolean {
  return runsForLong(facts) && (STARTS_NODE.test(command) || !RUNS_TOOL.test(command));
}

function listens({ ports }: ContainerFacts): boolean {
  return ports.includes(9042) || ports.includes(7000) || ports.includes(7001);
}

function isConfigured({ variables }: ContainerFacts): boolean {
  return variables.some((name) => NODE_VARIABLE.test(name));
}

export function recognizeCassandra(facts: DocumentFacts): Recognition | undefined {
  // Scylla reads `cassandra-rackdc.properties` as well.
  if (facts.dataKeys.includes('scylla.yaml')) return undefined;
  return recognizeBy(table, facts);
}
