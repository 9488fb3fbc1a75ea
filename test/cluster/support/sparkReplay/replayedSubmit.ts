import { textAt, type JsonObject } from '#core/json.ts';
import { playDriver } from './replayedExecutors.ts';
import { labelOf } from './replayApi.ts';
import { driverArgs, podOf } from './replayedPods.ts';
import type { Round } from './round.ts';

/** How many executors a driver without an operator asks for. */
const EXECUTORS = 'testbed/executors';

/** What spark-submit makes in cluster mode without an operator: a driver that nobody owns. */
export function submittedDriver(name: string, executors: number): JsonObject {
  const labels = { ...labelsOf(name), 'spark-role': 'driver' };
  const pod = podOf({ name: `${name}-driver`, labels, container: 'spark-kubernetes-driver', args: driverArgs([]) });
  const annotations = { [EXECUTORS]: String(executors) };
  return { ...pod, metadata: { name: `${name}-driver`, labels, annotations } };
}

/** Plays such a driver. */
export async function playSubmitted(round: Round, pod: JsonObject): Promise<void> {
  const count = Number(textAt(pod, 'metadata', 'annotations', EXECUTORS));
  if (count === 0) return;
  await playDriver(round.api, round.pods, pod, { count, labels: labelsOf(labelOf(pod, 'spark-app-name')) });
}

const labelsOf = (name: string): Readonly<Record<string, string>> => ({
  'spark-app-selector': `spark-${name}`,
  'spark-app-name': name,
  'spark-version': '4.0.1',
});
