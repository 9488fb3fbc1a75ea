import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { network, possibleNodes, prefix, type Cluster } from '../cluster.ts';
import { tryRun } from '../commands.ts';
import { changedSysctls } from './machine.ts';
import { controlGroups } from './nodes.ts';

/** Everything of a cluster that is still on the machine, apart from its files: one line each. */
export async function findLeftovers(cluster: Cluster): Promise<string[]> {
  const own = [...processesOf(cluster), ...mountsOf(cluster)];
  if (!cluster.hasNodes) return own;
  const found = [namespaces(), await links(), await routes(), await groups(), await changedSysctls(cluster)];
  return [...own, ...found.flat()];
}

/** Every process of a cluster names a file of it, is in a control group of a node, or is in its network namespace. */
function processesOf(cluster: Cluster): string[] {
  const marks = [`${cluster.folder}/`, ...(cluster.hasNodes ? [`/${prefix}-node`] : [])];
  return pids()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({
      pid,
      command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
      group: read(`/proc/${pid}/cgroup`),
    }))
    .filter(({ command, group }) => marks.some((mark) => command.includes(mark) || group.includes(mark)))
    .map(({ pid, command }) => `process ${pid}: ${command.slice(0, 120)}`);
}

function mountsOf(cluster: Cluster): string[] {
  const mounts = read('/proc/self/mountinfo').split('\n');
  const marks = [`${cluster.folder}/`, ...(cluster.hasNodes ? [`/run/netns/${prefix}`] : [])];
  const ours = mounts.filter((line) => marks.some((mark) => line.includes(mark)));
  return ours.map((line) => `mount ${line.split(' ')[4] ?? line}`);
}

function namespaces(): string[] {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return names.filter((name) => name.startsWith(`${prefix}n`)).map((name) => `network namespace ${name}`);
}

async function links(): Promise<string[]> {
  const { stdout } = await tryRun('ip', ['-o', 'link', 'show']);
  const names = stdout.split('\n').map((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? '');
  return names.filter((name) => new RegExp(`^${prefix}(v?\\d)`).test(name)).map((name) => `interface ${name}`);
}

async function routes(): Promise<string[]> {
  const { stdout } = await tryRun('ip', ['-o', 'route', 'show']);
  const ours = stdout
    .split('\n')
    .filter((line) => possibleNodes.some((node) => line.startsWith(network.podsOfNode(node))));
  return ours.map((line) => `route ${line}`);
}

async function groups(): Promise<string[]> {
  const found = await Promise.all(possibleNodes.map(controlGroups));
  return found.flat().map((folder) => `control group ${folder}`);
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
