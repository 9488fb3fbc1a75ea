import { until } from '../../bed/commands.ts';
import type { Access } from '../../bed/kubectl.ts';
import { waitForSet } from '../../support/pods.ts';
import { comparisonTable, figuresOf, type Column, type Figures, type Row } from '../comparison.ts';
import { seededChance, shuffled } from '../order.ts';
import { measureKafkaRestart, type KafkaRestart } from '../restarts.ts';
import { restartBy, ways, wayTitles, type Way } from '../ways.ts';
import { bedBrokers, type KafkaLoadOptions } from './load.ts';
import { kafkaRows } from './rows.ts';
import { sampleMetadata } from './sampler.ts';

/** Both ways in turn, so that whatever else the machine has to do meets them alike. */
export type KafkaComparison = Readonly<Record<Way, readonly KafkaRestart[]>>;

/** `kubectl rollout restart` and the safe restart, `rounds` times each; which goes first is decided anew in every round. */
export async function compareKafkaRestarts(
  access: Access,
  options: KafkaLoadOptions,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
  say: (text: string) => void,
): Promise<KafkaComparison> {
  const done: Record<Way, KafkaRestart[]> = { kubectl: [], ours: [] };
  const chance = seededChance(seed);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of shuffled(ways, chance)) {
      await untilWhole(access);
      say(`round ${round + 1} of ${rounds}: ${wayTitles[way]}`);
      done[way].push(await measureKafkaRestart(options, restartBy(way, access, 'kafka')));
    }
  }
  return done;
}

/** Every pod ready and every replica of every topic in sync, by Kafka's own account. */
async function untilWhole(access: Access): Promise<void> {
  await waitForSet({ access }, 'kafka', 'kafka');
  let isWhole = false;
  const enough = new AbortController();
  const sampling = sampleMetadata(
    {
      brokers: bedBrokers,
      minInSync: 2,
      onSample({ partitions, answered }) {
        isWhole =
          answered.length === bedBrokers.length &&
          partitions.every(({ isr, replicas }) => isr.length === replicas.length);
      },
    },
    enough.signal,
  );
  try {
    await until('every replica to be in sync', 180, () => Promise.resolve(isWhole));
  } finally {
    enough.abort();
    await sampling;
  }
}

/** A line for each figure, medians with their ranges. */
export function kafkaComparisonTable(comparison: KafkaComparison): string {
  const columns: readonly Column<KafkaRestart>[] = ways.map((way) => ({
    title: wayTitles[way],
    runs: comparison[way],
  }));
  return comparisonTable(columns, rowsOf(comparison));
}

/** The same as data, a list of values for each figure. */
export function kafkaComparisonFigures(comparison: KafkaComparison): Readonly<Record<Way, readonly Figures[]>> {
  const rows = rowsOf(comparison);
  const figures = (run: KafkaRestart): Figures => figuresOf(run, rows);
  return { kubectl: comparison.kubectl.map(figures), ours: comparison.ours.map(figures) };
}

const rowsOf = ({ kubectl, ours }: KafkaComparison): readonly Row<KafkaRestart>[] => kafkaRows([...kubectl, ...ours]);
