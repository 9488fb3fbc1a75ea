import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { inCluster } from '../bed/cluster.ts';
import { until } from '../bed/commands.ts';
import { asArray, asText } from '../bed/json.ts';
import { signal } from '../bed/native/processes.ts';
import type { Fault, FaultBed } from './fault.ts';
import { birthOf, nodeNumberOf, nodeProcess } from './processes.ts';

/** Pods go on without it; the node becomes NotReady after most of a minute. */
export const stopKubelet: Fault = {
  name: 'stop-kubelet',
  target: 'node',
  summary: 'ends the kubelet of a node, its pods run on; undo starts it with the same arguments',
  async apply(bed, target) {
    const found = findKubelet(bed, target);
    if (found === undefined) throw new Error(`${target} runs no kubelet.`);
    const born = birthOf(found.pid);
    signal(found.pid, 'SIGTERM');
    await until(`the kubelet of ${target} to end`, 20, async () => birthOf(found.pid) !== born, 50);
    return { command: found.command };
  },
  async undo(bed, target, memo) {
    if (findKubelet(bed, target) !== undefined) return;
    const command = asArray(memo['command']).map(asText);
    startInNode(bed, target, command);
    await until(`the kubelet of ${target} to run`, 10, async () => findKubelet(bed, target) !== undefined, 50);
  },
};

interface Kubelet {
  readonly pid: number;
  readonly command: string[];
}

/** The one in the node's own process namespace, whoever started it. */
function findKubelet(bed: FaultBed, target: string): Kubelet | undefined {
  const namespace = namespaceOf(nodeProcess(bed, nodeNumberOf(target)));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }))
    .find(({ pid, command }) => path.basename(command[0] ?? '') === 'kubelet' && namespaceOf(pid) === namespace);
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

function startInNode(bed: FaultBed, target: string, command: readonly string[]): void {
  const node = nodeProcess(bed, nodeNumberOf(target));
  const log = openSync(inCluster(bed.cluster, 'logs', `${target}-kubelet.log`), 'a');
  const where = ['--target', String(node), '--mount', '--net', '--uts', '--pid', '--'];
  const child = spawn('nsenter', [...where, ...command], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
