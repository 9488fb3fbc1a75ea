import type { Row } from '../comparison.ts';
import { hundredths, round } from '../percentiles.ts';
import type { CqlRestart } from '../restarts.ts';
import { ownTimes } from '../ways.ts';
import { failureKinds, failuresByKind } from './failures.ts';

const failedAs = ({ load: { writes, reads } }: CqlRestart): Readonly<Record<string, number>> =>
  failuresByKind(writes.failedByClass, reads.failedByClass);

/** What counts first, then what clients feel, then time. */
export const cqlRows: readonly Row<CqlRestart>[] = [
  ['operations at QUORUM, never repeated', ({ load }) => load.writes.sent + load.reads.sent],
  ['**... failed**', ({ load }) => load.writes.failed + load.reads.failed],
  ...failureKinds.map((kind): Row<CqlRestart> => {
    const name = kind === 'unavailable' ? '**... failed: unavailable**' : `... failed: ${kind}`;
    return [name, (run) => failedAs(run)[kind] ?? 0];
  }),
  ['**acknowledged writes lost, read at ALL**', ({ load }) => load.lost],
  ['reads at QUORUM that missed an acknowledged write', ({ load }) => load.reads.missed],
  ['longest window of failures, s', ({ load }) => load.longestFailureWindow],
  ['all windows of failures, s', ({ load }) => load.failureSeconds],
  ['**more than one node down, as peers see it, s**', ({ load }) => load.ring.severalDownSeconds],
  ['**QUORUM at risk: two nodes down or without CQL, s**', ({ load }) => load.ring.quorumAtRiskSeconds],
  ['no node serves clients, s', ({ load }) => load.ring.allSilentSeconds],
  ['nodes away at once, most', ({ load }) => load.ring.maxAwayAtOnce],
  ['views that disagree, s', ({ load }) => load.ring.disagreementSeconds],
  ['p99 of operations that succeeded, ms', ({ load }) => load.latency.p99],
  ['slowest operation that succeeded, ms', ({ load }) => load.latency.max],
  ['sessions of the load that lost every host', ({ load }) => load.sessionsReopened],
  ['hints written to files, KiB', ({ hints }) => Math.round(hints.writtenBytes / 1024)],
  ['files of hints left when the command says done', ({ hints }) => hints.filesWhenDone],
  ['a node without CQL, s, each', ({ load }) => meanOf(Object.values(load.ring.silentSeconds))],
  ['ring whole after, s', ({ wholeAfterSeconds }) => wholeAfterSeconds],
  ['**the command says done after, s**', ({ rolloutSeconds }) => rolloutSeconds],
  ['... for each node, s', ({ rolloutSeconds, load }) => round(rolloutSeconds / load.ring.membersAtEnd.length)],
  ...ownTimes,
  ['load average of the machine', ({ loadAverage }) => loadAverage],
];

const meanOf = (values: readonly number[]): number =>
  hundredths(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
