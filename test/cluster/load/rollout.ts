import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl, type Access } from '../bed/kubectl.ts';
import { runCqlLoad, type CqlLoadOptions, type CqlLoadReport } from './cassandra/load.ts';
import type { RingSample } from './cassandra/ringSeconds.ts';
import type { MetadataSample } from './kafka/isrSeconds.ts';
import { runKafkaLoad, type KafkaLoadOptions, type KafkaLoadReport } from './kafka/load.ts';

export interface RolloutTimes {
  /** From the command to the moment when it, or `kubectl rollout status`, says that it is done. */
  readonly rolloutSeconds: number;
  /** From the command to the moment from which all replicas, or all members, were there again. */
  readonly wholeAfterSeconds: number;
}

export type KafkaRollout = RolloutTimes & { readonly load: KafkaLoadReport };
export type CqlRollout = RolloutTimes & { readonly load: CqlLoadReport };

/** Seconds of load before the restart and after it, so that both states are in the figures. */
const margin = 8;

/** `kubectl rollout restart` of Kafka under load: what happens when Kubernetes alone decides who goes next. */
export const measureKafkaRollout = (access: Access, options: KafkaLoadOptions): Promise<KafkaRollout> =>
  measureKafkaRestart(options, () => rollOut(access, 'kafka'));

/** Any way of restarting every broker, under load. */
export async function measureKafkaRestart(
  options: KafkaLoadOptions,
  restart: () => Promise<void>,
): Promise<KafkaRollout> {
  const watch = createWholeWatch();
  let times = { started: 0, ended: 0 };
  const load = await runKafkaLoad(options, async ({ onSample }) => {
    onSample(({ partitions, answered }: MetadataSample) =>
      watch.see(answered.length > 0 && partitions.every(({ isr, replicas }) => isr.length === replicas.length)),
    );
    times = await withinMargins(restart);
  });
  return { ...watch.timesSince(times), load };
}

/** The same of Cassandra. */
export async function measureCqlRollout(access: Access, options: CqlLoadOptions): Promise<CqlRollout> {
  const watch = createWholeWatch();
  let times = { started: 0, ended: 0 };
  const load = await runCqlLoad(options, async ({ onSample }) => {
    onSample(({ views }: RingSample) =>
      watch.see(views.every(({ up, down }) => up !== undefined && down.length === 0)),
    );
    times = await withinMargins(() => rollOut(access, 'cassandra'));
  });
  return { ...watch.timesSince(times), load };
}

interface Times {
  readonly started: number;
  readonly ended: number;
}

async function withinMargins(restart: () => Promise<void>): Promise<Times> {
  await sleep(margin * 1000);
  const started = performance.now();
  await restart();
  const ended = performance.now();
  await sleep(margin * 1000);
  return { started, ended };
}

async function rollOut(access: Access, name: 'kafka' | 'cassandra'): Promise<void> {
  await kubectl(access, ['-n', name, 'rollout', 'restart', `statefulset/${name}`]);
  await kubectl(access, ['-n', name, 'rollout', 'status', `statefulset/${name}`, '--timeout=900s']);
}

interface WholeWatch {
  see(this: void, isWhole: boolean): void;
  timesSince(this: void, times: Times): RolloutTimes;
}

/** Remembers when things were last not whole. */
function createWholeWatch(): WholeWatch {
  let lastBroken = 0;
  const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
  return {
    see(isWhole) {
      if (!isWhole) lastBroken = performance.now();
    },
    timesSince: ({ started, ended }) => ({
      rolloutSeconds: seconds(started, ended),
      wholeAfterSeconds: seconds(started, Math.max(started, lastBroken)),
    }),
  };
}
