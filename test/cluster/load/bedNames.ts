import { Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { network } from '../bed/cluster.ts';
import type { Access } from '../bed/kubectl.ts';
import { requireTestCluster } from '../bed/mark.ts';

/** Suffix of names as kubelets give it to pods. */
const domain = '.cluster.local';

/** Load is put only on a cluster that says that it is for tests, and whose pods this machine reaches directly. */
export async function requireLoadTarget(access: Access): Promise<void> {
  const { driver, hasNodes } = await requireTestCluster(access);
  if (driver !== 'native' || !hasNodes) {
    throw new Error('Load and faults need the test bed on this machine: npm run cluster up');
  }
}

/** The address of a name inside the bed, asked from the bed's own DNS as its pods do. Refuses every other address. */
export async function resolveInBed(name: string): Promise<string> {
  const address = isIPv4(name) ? name : await askBed(name);
  requirePodAddress(address);
  return address;
}

/** Throws unless the address is one of the bed's pods. */
function requirePodAddress(address: string): void {
  if (isPodAddress(address)) return;
  throw new Error(`${address} is no pod of the test bed, so nothing is sent to it.`);
}

/** The pod network is a /16, so its first two numbers tell. */
export const isPodAddress = (address: string): boolean =>
  isIPv4(address) && address.split('.').slice(0, 2).join('.') === network.pods.split('.').slice(0, 2).join('.');

async function askBed(name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([network.host]);
  const [first] = await resolver.resolve4(name.endsWith(domain) ? name : `${name}${domain}`);
  if (first === undefined) throw new Error(`${name} has no address.`);
  return first;
}
