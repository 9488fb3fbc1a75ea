import { performance } from 'node:perf_hooks';
import { until } from '../bed/commands.ts';
import { asArray, asText, at, parseJson, type Json } from '../bed/json.ts';
import { kubectl } from '../bed/kubectl.ts';
import { control, read, tryControl, type TestCluster } from './suite.ts';

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

export const uidOf = async (cluster: TestCluster, { namespace, name }: PodName): Promise<string> =>
  asText(at(await read(cluster, '-n', namespace, 'pod', name), 'metadata', 'uid'));

export const nodeOf = async (cluster: TestCluster, { namespace, name }: PodName): Promise<string> =>
  asText(at(await read(cluster, '-n', namespace, 'pod', name), 'spec', 'nodeName'));

export const isReady = (pod: Json | undefined): boolean =>
  asArray(at(pod, 'status', 'conditions')).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

/**
 * Deletes a pod and waits for the one that takes its place; returns the seconds. The identity is compared, because for
 * some moments after a deletion the old pod still looks ready.
 */
export async function replacePod(cluster: TestCluster, pod: PodName): Promise<number> {
  const started = performance.now();
  const old = await uidOf(cluster, pod);
  await control(cluster, '-n', pod.namespace, 'delete', 'pod', pod.name, '--wait=true', '--timeout=200s');
  await until(`${pod.name} to be ready again`, 240, () => isReplaced(cluster, pod, old));
  return (performance.now() - started) / 1000;
}

/** Waits until every pod of a StatefulSet is ready. */
export async function waitForSet(
  { access }: Pick<TestCluster, 'access'>,
  namespace: string,
  set: string,
): Promise<void> {
  await kubectl(access, ['-n', namespace, 'rollout', 'status', `statefulset/${set}`, '--timeout=300s']);
}

async function isReplaced(cluster: TestCluster, pod: PodName, old: string): Promise<boolean> {
  const { code, stdout } = await tryControl(cluster, ['-n', pod.namespace, 'get', 'pod', pod.name, '-o', 'json']);
  if (code !== 0) return false;
  const current = parseJson(stdout);
  return asText(at(current, 'metadata', 'uid')) !== old && isReady(current);
}

export const seconds = (value: number): string => `${value.toFixed(1)} s`;
