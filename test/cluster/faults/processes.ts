import { globSync, readFileSync } from 'node:fs';
import { possibleNodes, nodeName, type NodeNumber } from '../bed/cluster.ts';
import { asArray, asText, at, parseJson, type Json } from '../bed/json.ts';
import { kubectl } from '../bed/kubectl.ts';
import { cgroupOf } from '../bed/native/nodeConfiguration.ts';
import { childrenOf, runningPid } from '../bed/native/processes.ts';
import type { FaultBed } from './fault.ts';

export interface PodProcess {
  readonly pid: number;
  /** Clock ticks at its start, by which a pid that was given to another process is recognised. */
  readonly born: string;
  readonly containerId: string;
}

/** The number of a node of the bed. */
export function nodeNumberOf(name: string): NodeNumber {
  const number = possibleNodes.find((one) => nodeName(one) === name);
  if (number === undefined) throw new Error(`There is no ${name}.`);
  return number;
}

/** The first process of a node, inside all of its namespaces. */
export function nodeProcess({ cluster }: FaultBed, node: NodeNumber): number {
  const parent = runningPid(cluster, nodeName(node));
  const [first] = parent === undefined ? [] : childrenOf(parent);
  if (first === undefined) throw new Error(`${nodeName(node)} does not run.`);
  return first;
}

export async function readPod(bed: FaultBed, target: string): Promise<Json> {
  const [namespace = '', name = ''] = target.split('/');
  return parseJson(await kubectl(bed.access, ['-n', namespace, 'get', 'pod', name, '-o', 'json']));
}

export const nodeOfPod = (pod: Json): NodeNumber => nodeNumberOf(asText(at(pod, 'spec', 'nodeName')));

/** The main process of a pod's first container, as this machine sees it. Throws when it is not one of the bed. */
export async function podProcess(bed: FaultBed, target: string): Promise<PodProcess> {
  const pod = await readPod(bed, target);
  const [status] = asArray(at(pod, 'status', 'containerStatuses'));
  const containerId = asText(at(status, 'containerID')).replace(/^containerd:\/\//, '');
  if (!/^[0-9a-f]{64}$/.test(containerId)) throw new Error(`${target} has no running container.`);
  const node = nodeOfPod(pod);
  const pid = processesIn(node, containerId).find(isFirstInContainer);
  if (pid === undefined) throw new Error(`The container of ${target} has no process.`);
  requireOfNode(pid, nodeProcess(bed, node));
  return { pid, born: birthOf(pid), containerId };
}

/** When a process started; empty when there is none of that number. */
export const birthOf = (pid: number): string => statOf(pid)[19] ?? '';

function processesIn(node: NodeNumber, containerId: string): number[] {
  const [file] = globSync(`/sys/fs/cgroup/pids/${cgroupOf(node)}/**/${containerId}/cgroup.procs`);
  return file === undefined ? [] : readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
}

/** Number one in the innermost namespace. */
function isFirstInContainer(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return /^NSpid:.*\b1$/m.test(status);
}

/** Nothing outside of a node that the bed itself started is ever signalled. */
function requireOfNode(pid: number, nodeFirst: number): void {
  for (let one = pid; one > 1; one = Number(statOf(one)[1] ?? 0)) if (one === nodeFirst) return;
  throw new Error(`Process ${pid} is not one of the test bed.`);
}

/** The fields after the name, which may itself hold spaces and parentheses. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
