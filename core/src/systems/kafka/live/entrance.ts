import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type KafkaAccess, type KafkaCredentials } from '#core/live/ports.ts';
import { listOf, objectOf, valueAt } from '#core/json.ts';
import { integerAt, textAt } from '#core/systems/kafka/live/json.ts';
import { findPlainEntrance } from '#core/systems/kafka/live/plainEntrance.ts';
import type { ObjectReader } from '#core/systems/kafka/live/reader.ts';

/** How one gets in: the port of each broker's pod, and what it asks for. */
export interface Entrance {
  readonly port: number;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverNameOf: (pod: string) => string;
  };
  readonly credentials?: KafkaCredentials;
  /** For people: who we are to Kafka. */
  readonly principal: string;
}

const ANONYMOUS = 'ANONYMOUS';

/** The easiest entrance that shows everything. @throws ClusterProblem that says what is missing */
export function findEntrance(cluster: DataCluster, member: LiveMember, reader: ObjectReader): Promise<Entrance> {
  const find = FINDERS[cluster.flavour] ?? findPlainEntrance;
  return find(cluster, member, reader);
}

/** Turns it into what a connection needs; `nodeIds` says by which number each pod is addressed. */
export function toAccess(
  { port, tls, credentials }: Entrance,
  namespace: string,
  nodeIds: readonly { readonly nodeId: number; readonly pod: string }[],
): KafkaAccess {
  const pods = new Map(nodeIds.map(({ nodeId, pod }) => [nodeId, pod]));
  return {
    brokers: nodeIds.map(({ nodeId, pod }) => ({ nodeId, namespace, pod, port })),
    ...(credentials ? { credentials } : {}),
    ...(tls ? { tls: { ...tls, serverNameOf: (nodeId) => tls.serverNameOf(pods.get(nodeId) ?? '') } } : {}),
  };
}

type Finder = (cluster: DataCluster, member: LiveMember, reader: ObjectReader) => Promise<Entrance>;

const FINDERS: Readonly<Record<string, Finder>> = {
  strimzi: findStrimziEntrance,
  'confluent-for-kubernetes': findConfluentEntrance,
  koperator: findKoperatorEntrance,
};

/** Between brokers, with mutual TLS; the operator comes in here too. */
const STRIMZI_REPLICATION_PORT = 9091;

/**
 * A listener without login shows everything as long as nobody is authorised; otherwise the certificate of the Cluster Operator does.
 * Source: Secrets `<cluster>-cluster-ca-cert` and `<cluster>-cluster-operator-certs` of Strimzi.
 */
async function findStrimziEntrance(cluster: DataCluster, _: LiveMember, reader: ObjectReader): Promise<Entrance> {
  const spec = valueAt(cluster.resource?.spec, 'kafka');
  const open = listOf(valueAt(spec, 'listeners')).filter(
    (listener) => valueAt(listener, 'authentication') === undefined,
  );
  const plain = open.find((listener) => valueAt(listener, 'tls') === false);
  const port = integerAt(plain, 'port');
  const isAuthorised = valueAt(spec, 'authorization') !== undefined;
  if (port !== undefined && !isAuthorised) return { port, principal: ANONYMOUS };
  try {
    return await enterAsOperator(cluster, reader);
  } catch (error) {
    if (port !== undefined) return { port, principal: ANONYMOUS };
    throw error;
  }
}

async function enterAsOperator({ name, namespace }: DataCluster, reader: ObjectReader): Promise<Entrance> {
  const [authority, own] = await Promise.all([
    reader.secret(`${name}-cluster-ca-cert`),
    reader.secret(`${name}-cluster-operator-certs`),
  ]);
  const [ca, cert, key] = [authority.get('ca.crt'), own.get('cluster-operator.crt'), own.get('cluster-operator.key')];
  if (ca === undefined || cert === undefined || key === undefined) {
    throw new ClusterProblem('configuration', `The Secrets of ${name} have no certificate of the Cluster Operator`);
  }
  const serverNameOf = (pod: string): string => `${pod}.${name}-kafka-brokers.${namespace}.svc`;
  return {
    port: STRIMZI_REPLICATION_PORT,
    principal: "the Cluster Operator's certificate",
    tls: { ca, cert, key, serverNameOf },
  };
}

const CONFLUENT_INTERNAL_PORT = 9071;

async function findConfluentEntrance(cluster: DataCluster, _: LiveMember, reader: ObjectReader): Promise<Entrance> {
  const spec = cluster.resource?.spec;
  const listener = valueAt(spec, 'listeners', 'internal');
  const port = integerAt(listener, 'port') ?? CONFLUENT_INTERNAL_PORT;
  const isTls = valueAt(listener, 'tls', 'enabled') === true;
  const tls = isTls ? { tls: await confluentTls(cluster, listener, reader) } : {};
  const type = textAt(listener, 'authentication', 'type');
  if (type === '') return { port, principal: ANONYMOUS, ...tls };
  if (type !== 'plain') {
    throw new ClusterProblem(
      'configuration',
      `The internal listener of ${cluster.name} asks for ${type}, which cannot be given here`,
    );
  }
  const credentials = await confluentUser(
    textAt(listener, 'authentication', 'jaasConfig', 'secretRef'),
    cluster,
    reader,
  );
  return { port, principal: `User ${credentials.username}`, credentials, ...tls };
}

async function confluentTls(
  { name, namespace, resource }: DataCluster,
  listener: unknown,
  reader: ObjectReader,
): Promise<NonNullable<Entrance['tls']>> {
  const secret = textAt(listener, 'tls', 'secretRef') || textAt(resource?.spec, 'tls', 'secretRef');
  if (secret === '') {
    throw new ClusterProblem(
      'configuration',
      `The internal listener of ${name} uses TLS, and its authority is in no Secret that is known`,
    );
  }
  const data = await reader.secret(secret);
  const ca = data.get('cacerts.pem') ?? data.get('ca.crt');
  if (ca === undefined)
    throw new ClusterProblem('configuration', `The Secret ${secret} has neither cacerts.pem nor ca.crt`);
  return { ca, serverNameOf: (pod) => `${pod}.${name}.${namespace}.svc.cluster.local` };
}

/** `plain-users.json` has names and passwords of all users. */
async function confluentUser(secret: string, { name }: DataCluster, reader: ObjectReader): Promise<KafkaCredentials> {
  const text = secret === '' ? undefined : (await reader.secret(secret)).get('plain-users.json');
  const users = Object.entries(objectOf(text === undefined ? undefined : parseJson(text)));
  const user = users.find(([username]) => /^(?:kafka|admin)$/.test(username)) ?? users[0];
  if (!user || typeof user[1] !== 'string') {
    throw new ClusterProblem('configuration', `No Secret is known that has users of ${name}`);
  }
  return { mechanism: 'PLAIN', username: user[0], password: user[1] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function findKoperatorEntrance({ resource, name }: DataCluster): Promise<Entrance> {
  const listeners = listOf(valueAt(resource?.spec, 'listenersConfig', 'internalListeners'));
  const usable = listeners.filter((listener) => valueAt(listener, 'usedForControllerCommunication') !== true);
  const port = integerAt(
    usable.find((listener) => textAt(listener, 'type') === 'plaintext'),
    'containerPort',
  );
  if (port !== undefined) return Promise.resolve({ port, principal: ANONYMOUS });
  const types = listeners.map((listener) => textAt(listener, 'type')).join(', ') || 'none';
  return Promise.reject(
    new ClusterProblem(
      'configuration',
      `${name} has no plaintext listener inside the cluster (its listeners: ${types})`,
    ),
  );
}
