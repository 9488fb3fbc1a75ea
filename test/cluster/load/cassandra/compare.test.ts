import { describe, expect, test } from 'vitest';
import type { CqlRestart } from '../restarts.ts';
import { cqlComparisonFigures, cqlComparisonTable, planRuns } from './compare.ts';
import { patchFor, probeNames, type ProbeName } from './probes.ts';

describe('the order of restarts', () => {
  const names = (seed: number): string[] => planRuns(probeNames, 2, seed).map(({ probe, way }) => `${probe} ${way}`);

  test('has every way twice with each probe, and all runs with one probe follow each other', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const runs = planRuns(probeNames, 2, seed);
      for (const part of [runs.slice(0, 4), runs.slice(4, 8), runs.slice(8)]) {
        expect(new Set(part.map(({ probe }) => probe)).size).toBe(1);
        for (const round of [part.slice(0, 2), part.slice(2)])
          expect(round.map(({ way }) => way).toSorted()).toEqual(['kubectl', 'ours']);
      }
      expect(new Set(runs.map(({ probe }) => probe)).size).toBe(3);
    }
  });

  test('is that of the seed', () => {
    expect(names(3)).toEqual(names(3));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => names(seed).join())).size).toBeGreaterThan(15);
  });
});

const latency = { count: 10, p50: 1, p95: 2, p99: 3, max: 4 };

function restartOf(rolloutSeconds: number, failedByClass: Readonly<Record<string, number>>): CqlRestart {
  const failed = Object.values(failedByClass).reduce((sum, count) => sum + count, 0);
  const outcomes = { sent: 10, succeeded: 10 - failed, failed, failedByClass, latency };
  return {
    rolloutSeconds,
    wholeAfterSeconds: 1,
    times: undefined,
    loadAverage: 2,
    hints: { writtenBytes: 2048, mostFiles: 2, filesWhenDone: 1, filesAtEnd: 0 },
    load: {
      options: { writeRate: 1, recordBytes: 1 },
      seconds: 1,
      writes: outcomes,
      reads: { ...outcomes, failed: 0, failedByClass: {}, missed: 0 },
      latency,
      longestFailureWindow: 5,
      failureSeconds: 6,
      sessionsReopened: 0,
      lost: 0,
      lostExamples: [],
      failedButStored: 0,
      ring: {
        samples: 1,
        seconds: 1,
        allUpSeconds: 1,
        disagreementSeconds: 0,
        downSeconds: {},
        severalDownSeconds: 0,
        allSilentSeconds: 0,
        quorumAtRiskSeconds: 0,
        silentSeconds: { m0: 10, m1: 20, m2: 30 },
        maxAwayAtOnce: 1,
        membersAtEnd: ['m0', 'm1', 'm2'].map((member) => ({ member, up: 3, down: 0 })),
      },
      clientStalls: { p99: 0, max: 0 },
    },
  };
}

describe('the table', () => {
  const comparison = {
    seed: 1,
    done: [
      { probe: 'none', way: 'ours', run: restartOf(60, { 'connection lost': 2 }) },
      { probe: 'none', way: 'kubectl', run: restartOf(30, { unavailable: 4, 'no host (none tried)': 1 }) },
      { probe: 'none', way: 'ours', run: restartOf(75, {}) },
    ],
    missing: [{ probe: 'tcp', way: 'ours', reason: 'No time was left.' }],
  } as const;
  const lines = cqlComparisonTable(comparison).split('\n');

  test('has a column for each kind that was run, failures by kind, and the ratio of the medians', () => {
    expect(lines[0]).toBe(
      '| median (range) of so many runs | no probe, `kubectl rollout restart` (1) | no probe, `data-clusters restart` (2) |',
    );
    expect(lines).toContain('| **... failed: unavailable** | 4 | 0 |');
    expect(lines).toContain('| ... failed: no host available | 1 | 0 |');
    expect(lines).toContain('| ... failed: connection closed | 0 | 1 (0 to 2) |');
    expect(lines).toContain('| a node without CQL, s, each | 20 | 20 |');
    expect(lines).toContain('| hints written to files, KiB | 2 | 2 |');
    expect(lines).toContain('| ... for each node, s | 10 | 22.5 (20 to 25) |');
    expect(lines).toContain('| **time, safe restart / rollout** |  | 2.25 |');
  });

  test('says what is missing, and why', () => {
    expect(lines.at(-1)).toBe('Missing: TCP probe, `data-clusters restart`: No time was left.');
  });

  test('as data keeps every run', () => {
    const figures = cqlComparisonFigures(comparison);
    expect(Object.keys(figures)).toEqual(['none, kubectl', 'none, ours']);
    expect(figures['none, ours']?.map((one) => one['the command says done after, s'])).toEqual([60, 75]);
  });
});

test('a probe takes the place of the one before as a whole, and no probe the place of any', () => {
  const changed = (name: ProbeName): readonly object[] => patchFor(name).slice(1);
  for (const name of probeNames) {
    expect(changed(name)).toMatchObject([
      { op: 'add', path: '/spec/template/spec/containers/0/startupProbe' },
      { op: 'add', path: '/spec/template/spec/containers/0/readinessProbe' },
    ]);
  }
  expect(changed('none')).toMatchObject([{ value: null }, { value: null }]);
  expect(changed('own-status')).toMatchObject([{ value: null }, { value: { exec: {} } }]);
  expect(changed('tcp')).toMatchObject([{ value: { tcpSocket: {} } }, { value: { tcpSocket: {} } }]);
});
