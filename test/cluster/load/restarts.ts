import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RestartTimes } from '../support/restartTimes.ts';
import { runCqlLoad, type CqlLoadOptions, type CqlLoadReport } from './cassandra/load.ts';
import type { RingSample } from './cassandra/ringSeconds.ts';
import { watchHints, type HintSummary } from './cassandra/hints.ts';
import type { MetadataSample } from './kafka/isrSeconds.ts';
import { runKafkaLoad, type KafkaLoadOptions, type KafkaLoadReport } from './kafka/load.ts';
import { watchLoadAverage } from './loadAverage.ts';

/** Restarts every member and returns when that says of itself that it is done. */
export type Restart = () => Promise<RestartTimes | undefined>;

/** One restart of every member, whatever way it was done. */
export interface MeasuredRestart {
  /** From the command to the moment when it, or `kubectl rollout status`, says that it is done. */
  readonly rolloutSeconds: number;
  /** From the command to the moment from which all replicas, or all members, were there again. */
  readonly wholeAfterSeconds: number;
  /** Where the time went; only the product tells. */
  readonly times: RestartTimes | undefined;
  /** Of the machine, over a minute each, the mean while the restart went on. */
  readonly loadAverage: number;
}

export type KafkaRestart = MeasuredRestart & { readonly load: KafkaLoadReport };
export type CqlRestart = MeasuredRestart & { readonly load: CqlLoadReport; readonly hints: HintSummary };

/** Seconds of load before the restart and after everything is whole again, so that both states are in the figures. */
const margin = 8;

/** Seconds that are waited for that after the command says that it is done: not every way looks. */
const longestHealing = 180;

/** A restart of every broker under load. */
export async function measureKafkaRestart(options: KafkaLoadOptions, restart: Restart): Promise<KafkaRestart> {
  const watch = createWholeWatch();
  const load = await runKafkaLoad(options, async ({ onSample }) => {
    onSample(({ partitions, answered }: MetadataSample) =>
      watch.see(answered.length > 0 && partitions.every(({ isr, replicas }) => isr.length === replicas.length)),
    );
    await watch.withinMargins(restart);
  });
  return { ...watch.summarize(), load };
}

/** A restart of every node of the ring under load. The hints are those that lie in the volumes of the bed. */
export async function measureCqlRestart(
  options: CqlLoadOptions,
  restart: Restart,
  volumes: string,
): Promise<CqlRestart> {
  const watch = createWholeWatch();
  const hints = await watchHints(volumes);
  try {
    const load = await runCqlLoad(options, async ({ onSample }) => {
      onSample(({ views }: RingSample) =>
        watch.see(views.every(({ up, down }) => up !== undefined && down.length === 0)),
      );
      await watch.withinMargins(async () => {
        const times = await restart();
        await hints.markDone();
        return times;
      });
    });
    return { ...watch.summarize(), load, hints: await hints.end() };
  } finally {
    await hints.end();
  }
}

interface WholeWatch {
  see(this: void, isWhole: boolean): void;
  withinMargins(this: void, restart: Restart): Promise<void>;
  summarize(this: void): MeasuredRestart;
}

/** Remembers when things were last not whole, and when the restart was. */
function createWholeWatch(): WholeWatch {
  let lastBroken = 0;
  let [started, ended, loadAverage] = [0, 0, 0];
  let times: RestartTimes | undefined;
  const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
  return {
    see(isWhole) {
      if (!isWhole) lastBroken = performance.now();
    },
    async withinMargins(restart) {
      await sleep(margin * 1000);
      started = performance.now();
      const endAverage = watchLoadAverage();
      try {
        times = await restart();
      } finally {
        loadAverage = endAverage();
      }
      ended = performance.now();
      const isHealed = (): boolean => performance.now() - Math.max(ended, lastBroken) > margin * 1000;
      while (!isHealed() && performance.now() - ended < longestHealing * 1000) await sleep(200);
    },
    summarize: () => ({
      rolloutSeconds: seconds(started, ended),
      wholeAfterSeconds: seconds(started, Math.max(started, lastBroken)),
      times,
      loadAverage,
    }),
  };
}
