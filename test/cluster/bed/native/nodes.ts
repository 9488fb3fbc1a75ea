import { mkdirSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { defaultNodes, inCluster, network, nodeName, type Cluster, type NodeNumber } from '../cluster.ts';
import { until } from '../commands.ts';
import { asArray, asText, at, parseJson } from '../json.ts';
import { kubectl, tryKubectl, type Access } from '../kubectl.ts';
import { accessTo } from './access.ts';
import { binariesFolder } from './binaries.ts';
import { ensureNodeCertificate } from './certificates.ts';
import { seedNode } from './images/seed.ts';
import { rememberMachine } from './machine.ts';
import { ensureNodeNetwork } from './network.ts';
import { cgroupOf, nodeFolder, writeNodeConfiguration } from './nodeConfiguration.ts';
import { childrenOf, recordedProcesses, runningPid, signal, startProcess, stopProcess } from './processes.ts';

/** Starts the nodes and waits until pods can run on them. */
export async function startNodes(cluster: Cluster, nodes: readonly NodeNumber[] = defaultNodes): Promise<void> {
  const access = await accessTo(cluster);
  await rememberMachine(cluster);
  const started = nodes.some((node) => runningPid(cluster, nodeName(node)) === undefined) ? Date.now() : 0;
  for (const node of nodes) await startNode(cluster, node);
  const names = nodes.map((node) => `node/${nodeName(node)}`);
  for (const node of nodes) {
    await until(`${nodeName(node)} to report`, 120, () => hasReported(access, node, started));
  }
  await kubectl(access, ['wait', '--for=condition=Ready', ...names, '--timeout=180s']);
}

/**
 * Powers a node on: a new one, or one that was powered off, whose disks are then as they were and whose containers
 * are gone. Nothing happens when it runs.
 */
async function startNode(cluster: Cluster, node: NodeNumber): Promise<void> {
  if (runningPid(cluster, nodeName(node)) !== undefined) return;
  // After a crash of everything the groups are still there, and the kubelet would ask every dead container in them.
  await removeControlGroups(node);
  await ensureNodeCertificate(cluster, node);
  await ensureNodeNetwork(node);
  await seedNode(nodeFolder(cluster, node));
  await writeNodeConfiguration(cluster, node);
  const isolation = ['--mount', '--uts', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  startProcess(cluster, nodeName(node), 'nsenter', [
    // Not `ip netns exec`: it mounts /sys anew, which hides the control groups.
    `--net=/run/netns/${network.namespace(node)}`,
    'unshare',
    ...isolation,
    '--propagation',
    'private',
    'bash',
    inProject('test', 'cluster', 'bed', 'native', 'node', 'init.sh'),
    ...(await initArguments(cluster, node)),
  ]);
}

/** The process that holds a node's namespaces, if the node runs. */
export function initOf(cluster: Cluster, node: NodeNumber): number | undefined {
  const parent = runningPid(cluster, nodeName(node));
  return parent === undefined ? undefined : childrenOf(parent)[0];
}

/** Powers a node off, as if somebody had pulled the plug. Its disks stay. */
export async function stopNode(cluster: Cluster, node: NodeNumber): Promise<void> {
  const name = nodeName(node);
  const parent = runningPid(cluster, name);
  if (parent !== undefined) for (const first of childrenOf(parent)) signal(first, 'SIGKILL');
  await stopProcess(cluster, name);
  await until(`the control groups of ${name} to be empty`, 20, () => removeControlGroups(node));
}

/** For most of a minute after a power-off a node still counts as ready, so its sign of life must be a new one. */
async function hasReported(access: Access, node: NodeNumber, since: number): Promise<boolean> {
  const { code, stdout } = await tryKubectl(access, ['get', 'node', nodeName(node), '-o', 'json']);
  if (code !== 0) return false;
  const conditions = asArray(at(parseJson(stdout), 'status', 'conditions'));
  const ready = conditions.find((condition) => at(condition, 'type') === 'Ready');
  const second = 1000;
  return Date.parse(asText(at(ready, 'lastHeartbeatTime'))) >= Math.floor(since / second) * second;
}

/** The nodes that were started and not stopped. */
export function startedNodes(cluster: Cluster): NodeNumber[] {
  return recordedProcesses(cluster).flatMap((name) => {
    const number = /^node(\d)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

async function initArguments(cluster: Cluster, node: NodeNumber): Promise<string[]> {
  const logs = inCluster(cluster, 'logs');
  mkdirSync(logs, { recursive: true });
  const labels = `topology.kubernetes.io/zone=zone${node},data-clusters/node=${node}`;
  const programs = await binariesFolder(cluster.minor);
  const folder = nodeFolder(cluster, node);
  return [nodeName(node), folder, programs, logs, cgroupOf(node), labels, network.nodeAddress(node)];
}

/** True when none is left. Those of processes that are still ending cannot be removed yet. */
async function removeControlGroups(node: NodeNumber): Promise<boolean> {
  const removed = await Promise.all((await controlGroups(node)).map(removeTree));
  return removed.every(Boolean);
}

/** The groups of a node, one for every controller. */
export async function controlGroups(node: NodeNumber): Promise<string[]> {
  const top = '/sys/fs/cgroup';
  const found: string[] = [];
  for (const controller of await readdir(top).catch((): string[] => [])) {
    const inside = await readdir(path.join(top, controller)).catch((): string[] => []);
    if (inside.includes(cgroupOf(node))) found.push(path.join(top, controller, cgroupOf(node)));
  }
  return found;
}

async function removeTree(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
