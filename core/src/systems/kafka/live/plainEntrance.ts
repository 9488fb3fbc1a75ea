import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type KafkaCredentials } from '#core/live/ports.ts';
import { splitList } from '#core/systems/kafka/brokerConfig.ts';
import { parseListeners, parseProtocols, type Listener } from '#core/systems/kafka/listeners.ts';
import type { Entrance } from '#core/systems/kafka/live/entrance.ts';
import type { ObjectReader } from '#core/systems/kafka/live/reader.ts';
import { readSettings, type BrokerSettings } from '#core/systems/kafka/live/settings.ts';

interface Door extends Listener {
  readonly protocol: string;
}

/** What asks for least first. */
const PROTOCOLS = ['PLAINTEXT', 'SASL_PLAINTEXT', 'SASL_SSL', 'SSL'];

/** From the settings of the broker's own pod. The first listener that can be satisfied is taken. */
export async function findPlainEntrance(
  cluster: DataCluster,
  member: LiveMember,
  reader: ObjectReader,
): Promise<Entrance> {
  const settings = await readSettings(member, reader);
  const doors = await readDoors(settings, member);
  let last: unknown = new ClusterProblem('configuration', `${member.name} has no listener for clients that is known`);
  for (const door of doors) {
    try {
      // The first that opens counts.
      return await open(door, settings, cluster);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Listeners for clients and brokers; one bound to the pod's own address comes last, because a port forward ends at loopback. */
async function readDoors(settings: BrokerSettings, { name, pod }: LiveMember): Promise<readonly Door[]> {
  const [written, map, controllers] = await Promise.all(
    ['listeners', 'listener.security.protocol.map', 'controller.listener.names'].map((property) =>
      settings.get(property),
    ),
  );
  const listeners = parseListeners(written?.replaceAll(/\$\{[^}]*\}|\$\([^)]*\)|\$\w+/g, name));
  if (!listeners) return [{ name: 'PLAINTEXT', host: '', port: clientPort(pod), protocol: 'PLAINTEXT' }];
  const protocols = parseProtocols(map);
  const closed = new Set(splitList(controllers ?? '').map((one) => one.toUpperCase()));
  return listeners
    .filter((listener) => !closed.has(listener.name))
    .map((listener) => ({ ...listener, protocol: (protocols?.get(listener.name) ?? listener.name).toUpperCase() }))
    .filter(({ protocol }) => PROTOCOLS.includes(protocol))
    .toSorted((a, b) => boundness(a) - boundness(b) || PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol));
}

function boundness({ host }: Listener): number {
  return /^(?:|0\.0\.0\.0|\[?::\]?|localhost|127\..*)$/.test(host) ? 0 : 1;
}

/** Nothing is said of listeners: Kafka's own default port, or the one that is called so. */
function clientPort(pod: LiveMember['pod']): number {
  const ports = pod?.containers.flatMap((container) => container.ports) ?? [];
  const named = ports.find(({ name }) => /client|plaintext|kafka|broker/.test(name));
  return ports.some(({ port }) => port === 9092) ? 9092 : (named?.port ?? 9092);
}

async function open(door: Door, settings: BrokerSettings, cluster: DataCluster): Promise<Entrance> {
  const { port, protocol } = door;
  const tls = protocol.endsWith('SSL') ? { tls: await readTls(door, settings, cluster) } : {};
  if (!protocol.startsWith('SASL')) {
    return { port, principal: protocol === 'SSL' ? "the broker's certificate" : 'ANONYMOUS', ...tls };
  }
  const credentials = await readCredentials(door, settings);
  return { port, credentials, principal: `User ${credentials.username}`, ...tls };
}

/** A setting of the listener, or the one for all. */
async function ofListener({ name }: Door, property: string, settings: BrokerSettings): Promise<string | undefined> {
  return (await settings.get(`listener.name.${name.toLowerCase()}.${property}`)) ?? settings.get(property);
}

async function readTls(
  door: Door,
  settings: BrokerSettings,
  cluster: DataCluster,
): Promise<NonNullable<Entrance['tls']>> {
  const location = await ofListener(door, 'ssl.truststore.location', settings);
  const keystore = await ofListener(door, 'ssl.keystore.location', settings);
  const authority = await ofListener(door, 'ssl.truststore.certificates', settings);
  const ca = authority ?? (await readAuthority(location, settings)) ?? (await readAuthority(keystore, settings));
  if (ca === undefined) {
    throw new ClusterProblem('configuration', `The authority of listener ${door.name} is not at hand as PEM`);
  }
  const asksForCertificate = (await ofListener(door, 'ssl.client.auth', settings)) === 'required';
  const own =
    asksForCertificate && !door.protocol.startsWith('SASL') ? await readCertificate(door, keystore, settings) : {};
  const service = cluster.workloads.find(({ kind }) => kind === 'StatefulSet')?.serviceName ?? cluster.name;
  const services = new Map(cluster.workloads.map(({ meta, serviceName }) => [meta.name, serviceName]));
  const serviceOf = (pod: string): string => services.get(pod.replace(/-\d+$/, '')) ?? service;
  return { ca, ...own, serverNameOf: (pod) => `${pod}.${serviceOf(pod)}.${cluster.namespace}.svc` };
}

/** The file itself where it is PEM; beside a Java keystore there often is one. */
async function readAuthority(path: string | undefined, settings: BrokerSettings): Promise<string | undefined> {
  const found = path === undefined ? undefined : await settings.file(path);
  const texts = [
    found?.beside.get('ca.crt'),
    found?.beside.get('ca.pem'),
    found?.beside.get('cacerts.pem'),
    found?.text,
  ];
  return texts.find((text) => text?.includes('-----BEGIN CERTIFICATE-----') === true);
}

async function readCertificate(
  door: Door,
  path: string | undefined,
  settings: BrokerSettings,
): Promise<{ cert: string; key: string }> {
  const found = path === undefined ? undefined : await settings.file(path);
  const text = [found?.text, found?.beside.get('tls.crt'), found?.beside.get('tls.key')].join('\n');
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g)];
  const cert = blocks.filter(([, kind]) => kind === 'CERTIFICATE').map(([block]) => block);
  const key = blocks.find(([, kind]) => kind?.endsWith('PRIVATE KEY') === true)?.[0];
  if (cert.length > 0 && key !== undefined) return { cert: cert.join('\n'), key };
  throw new ClusterProblem('configuration', `Listener ${door.name} asks for a certificate, and none is at hand as PEM`);
}

const MECHANISMS: readonly KafkaCredentials['mechanism'][] = ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256'];

async function readCredentials(door: Door, settings: BrokerSettings): Promise<KafkaCredentials> {
  const enabled = splitList((await ofListener(door, 'sasl.enabled.mechanisms', settings)) ?? 'PLAIN');
  for (const mechanism of MECHANISMS.filter((one) => enabled.includes(one))) {
    // The first that has a user counts.
    const user = await readUser(door, mechanism, settings);
    if (user) return { mechanism, ...user };
  }
  throw new ClusterProblem(
    'configuration',
    `Listener ${door.name} asks for a login (${enabled.join(', ')}), and none is at hand`,
  );
}

interface User {
  readonly username: string;
  readonly password: string;
}

async function readUser(door: Door, mechanism: string, settings: BrokerSettings): Promise<User | undefined> {
  const name = `listener.name.${door.name.toLowerCase()}.${mechanism.toLowerCase()}.sasl.jaas.config`;
  const login = (await settings.get(name)) ?? (await settings.get(`sasl.jaas.config`));
  const ofLogin = login === undefined ? undefined : parseLogin(login);
  if (ofLogin) return ofLogin;
  for (const [users, passwords] of USER_VARIABLES) {
    // The first that is set counts.
    const [username, password] = await Promise.all([settings.variable(users), settings.variable(passwords)]);
    const first = { username: splitList(username ?? '')[0], password: splitList(password ?? '')[0] };
    if (first.username !== undefined && first.password !== undefined)
      return { username: first.username, password: first.password };
  }
  return undefined;
}

/** Source: the images of Bitnami. Brokers log in to each other as one who may do everything. */
const USER_VARIABLES = [
  ['KAFKA_INTER_BROKER_USER', 'KAFKA_INTER_BROKER_PASSWORD'],
  ['KAFKA_CLIENT_USERS', 'KAFKA_CLIENT_PASSWORDS'],
] as const;

/** Options of a login module: the broker's own account, an administrator, or the first of its users. */
export function parseLogin(text: string): User | undefined {
  const options = new Map(
    [...text.matchAll(/\b([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;]+))/g)].map(
      ([, name = '', double, single, bare]) =>
        [name, (double ?? single ?? bare ?? '').replaceAll(/\\(.)/g, '$1')] as const,
    ),
  );
  const [username, password] = [options.get('username'), options.get('password')];
  if (username !== undefined && password !== undefined) return { username, password };
  const users = [...options].filter(([name]) => name.startsWith('user_'));
  const user = users.find(([name]) => /admin/i.test(name)) ?? users[0];
  return user && { username: user[0].slice('user_'.length), password: user[1] };
}
