import { median } from './percentiles.ts';
import type { CqlRollout, KafkaRollout } from './rollout.ts';

/** One figure of a run, under the name that a reader sees. */
export type Figures = Readonly<Record<string, number>>;

export const kafkaFigures = ({ load, rolloutSeconds, wholeAfterSeconds }: KafkaRollout): Figures => ({
  'rollout, s': rolloutSeconds,
  'all in sync after, s': wholeAfterSeconds,
  'sends that failed, of those never repeated': load.strict.failed,
  '... of them NOT_ENOUGH_REPLICAS': notEnoughReplicas(load.strict.failedByClass),
  'sends that failed although repeated': load.patient.failed,
  'lost acknowledged records': load.strict.lost + load.patient.lost,
  'under min ISR, s': load.metadata.underMinIsrSeconds,
  'under min ISR, partition s': load.metadata.underMinIsrPartitionSeconds,
  'without leader, s': load.metadata.offlineSeconds,
  'brokers out of sync at once': load.metadata.maxBrokersOutOfSync,
  'leader skew': load.metadata.maxLeaderSkew,
  'preferred leaders at the end, %': load.metadata.preferredLeadersAtEnd,
  'p99 of repeated sends, ms': load.patient.latency.p99,
  'slowest repeated send, ms': load.patient.latency.max,
});

export const cqlFigures = ({ load, rolloutSeconds, wholeAfterSeconds }: CqlRollout): Figures => ({
  'rollout, s': rolloutSeconds,
  'ring whole after, s': wholeAfterSeconds,
  operations: load.writes.sent + load.reads.sent,
  'operations that failed': load.writes.failed + load.reads.failed,
  '... of them unavailable': unavailable(load.writes.failedByClass) + unavailable(load.reads.failedByClass),
  'lost acknowledged rows': load.lost,
  'reads at QUORUM that missed a row': load.reads.missed,
  'quorum at risk, s': load.ring.quorumAtRiskSeconds,
  'members disagreed, s': load.ring.disagreementSeconds,
  'not all up, s': Math.round((load.ring.seconds - load.ring.allUpSeconds) * 10) / 10,
  'members away at once': load.ring.maxAwayAtOnce,
  'p99 of writes, ms': load.writes.latency.p99,
});

/** Both forms: too few before the write, and too few after the leader had it. */
const notEnoughReplicas = (counts: Figures): number =>
  (counts['NOT_ENOUGH_REPLICAS'] ?? 0) + (counts['NOT_ENOUGH_REPLICAS_AFTER_APPEND'] ?? 0);

const unavailable = (counts: Figures): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (name.includes('unavailable') ? count : 0), 0);

/** A line for each figure: the median of all runs, and the range when there are several. */
export function formatFigures(title: string, runs: readonly Figures[]): string {
  const names = Object.keys(runs[0] ?? {});
  const lines = names.map((name) => {
    const values = runs.map((figures) => figures[name] ?? 0);
    const range = runs.length > 1 ? ` (${Math.min(...values)} to ${Math.max(...values)})` : '';
    return `  ${name.padEnd(44)} ${median(values)}${range}`;
  });
  return [`${title}, ${runs.length === 1 ? 'one run' : `median of ${runs.length} runs (range)`}`, ...lines].join('\n');
}
