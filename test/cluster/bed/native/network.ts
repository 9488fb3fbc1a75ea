import { existsSync } from 'node:fs';
import { network, possibleNodes, type NodeNumber } from '../cluster.ts';
import { run, tryRun } from '../commands.ts';

const namespaceFile = (node: NodeNumber): string => `/run/netns/${network.namespace(node)}`;
const mtu = String(network.mtu);

/** The host's end: a bridge on which the API server and DNS listen. Nothing listens on the machine's own network. */
export async function ensureBridge(): Promise<void> {
  if (await linkExists(network.bridge)) return;
  await ip('link', 'add', network.bridge, 'type', 'bridge');
  await ip('address', 'add', `${network.host}/24`, 'dev', network.bridge);
  await ip('link', 'set', network.bridge, 'mtu', mtu, 'up');
}

/** A network namespace with one leg on the bridge. Pods are reached by plain routes, from other nodes and the host. */
export async function ensureNodeNetwork(node: NodeNumber): Promise<void> {
  // The route is what is set last, so a network that was cut short is made again.
  if (existsSync(namespaceFile(node)) && (await hasPodRoute(node))) return;
  await removeNodeNetwork(node);
  const namespace = network.namespace(node);
  await ip('netns', 'add', namespace);
  await ip('link', 'add', network.link(node), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('link', 'set', network.link(node), 'mtu', mtu, 'master', network.bridge, 'up');
  await configureInside(node);
  await connectNodes(node);
  await ip('route', 'replace', network.podsOfNode(node), 'via', network.nodeAddress(node));
}

/** Removes the network of a node, whatever there is of it. */
export async function removeNodeNetwork(node: NodeNumber): Promise<void> {
  await tryRun('ip', ['route', 'del', network.podsOfNode(node)]);
  if (await linkExists(network.link(node))) await ip('link', 'del', network.link(node));
  if (existsSync(namespaceFile(node))) await ip('netns', 'del', network.namespace(node));
}

export async function removeBridge(): Promise<void> {
  if (await linkExists(network.bridge)) await ip('link', 'del', network.bridge);
}

async function configureInside(node: NodeNumber): Promise<void> {
  const inside = (...args: string[]): Promise<string> => ip('-n', network.namespace(node), ...args);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${network.nodeAddress(node)}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'mtu', mtu, 'up');
  await inside('route', 'add', 'default', 'via', network.host);
  // Forwarding is on in the node only; the machine itself forwards nothing.
  await run('nsenter', [`--net=${namespaceFile(node)}`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
}

async function connectNodes(node: NodeNumber): Promise<void> {
  const others = possibleNodes.filter((other) => other !== node && existsSync(namespaceFile(other)));
  for (const other of others) {
    await routeToPods(node, other);
    await routeToPods(other, node);
  }
}

const routeToPods = (from: NodeNumber, to: NodeNumber): Promise<string> =>
  ip('-n', network.namespace(from), 'route', 'replace', network.podsOfNode(to), 'via', network.nodeAddress(to));

const hasPodRoute = async (node: NodeNumber): Promise<boolean> =>
  (await tryRun('ip', ['route', 'show', network.podsOfNode(node)])).stdout.trim() !== '';

const linkExists = async (name: string): Promise<boolean> =>
  (await tryRun('ip', ['link', 'show', 'dev', name])).code === 0;

const ip = (...args: string[]): Promise<string> => run('ip', args);
