import type { Row } from '../comparison.ts';
import { round } from '../percentiles.ts';
import type { KafkaRestart } from '../restarts.ts';
import { ownTimes } from '../ways.ts';

/** Every figure, with a line for each class of errors that these runs had. */
export const kafkaRows = (runs: readonly KafkaRestart[]): readonly Row<KafkaRestart>[] => [
  ['sends that were never repeated', ({ load }) => load.strict.sent],
  ...errorClasses(runs).map((one): Row<KafkaRestart> => [
    `... failed: ${one}`,
    ({ load }) => load.strict.failedByClass[one] ?? 0,
  ]),
  ...rows,
];

/** What counts first, then what clients feel, then time. */
const rows: readonly Row<KafkaRestart>[] = [
  ['**under min ISR, s**', ({ load }) => load.metadata.underMinIsrSeconds],
  ['under min ISR, partition seconds', ({ load }) => load.metadata.underMinIsrPartitionSeconds],
  ['**without leader, s**', ({ load }) => load.metadata.offlineSeconds],
  ['**brokers out of sync at once, most**', ({ load }) => load.metadata.maxBrokersOutOfSync],
  ['**lost acknowledged records**', ({ load }) => load.strict.lost + load.patient.lost],
  ['leader skew, most', ({ load }) => load.metadata.maxLeaderSkew],
  ['leader skew at the end', ({ load }) => load.metadata.leaderSkewAtEnd],
  ['partitions led by their preferred leader at the end, %', ({ load }) => load.metadata.preferredLeadersAtEnd],
  ['leaders changed', ({ load }) => load.metadata.leaderChanges],
  ['sends with retries that failed', ({ load }) => load.patient.failed],
  ['p99 of sends with retries, s', ({ load }) => round(load.patient.latency.p99 / 1000)],
  ['slowest send with retries, s', ({ load }) => round(load.patient.latency.max / 1000)],
  ['all replicas in sync after, s', ({ wholeAfterSeconds }) => wholeAfterSeconds],
  ['the command says done after, s', ({ rolloutSeconds }) => rolloutSeconds],
  ...ownTimes,
];

/** Too few replicas first, then by name; those that a restart is not about are shown as well. */
function errorClasses(runs: readonly KafkaRestart[]): readonly string[] {
  const first = ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'];
  const others = new Set(runs.flatMap(({ load }) => Object.keys(load.strict.failedByClass)));
  return [...first, ...[...others].filter((one) => !first.includes(one)).toSorted()];
}
