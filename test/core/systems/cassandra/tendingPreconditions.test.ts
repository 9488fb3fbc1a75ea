import { describe, expect, test } from 'vitest';
import type { Precondition } from '#core/operations/model.ts';
import { ringChecks } from '#core/systems/cassandra/operations/tending/planTending.ts';
import { NOW, podOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { drained, readingOf, whole } from '#test/core/systems/cassandra/restartScenes.ts';
import type { RingSketch } from '#test/core/systems/cassandra/sketches.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

describe('work that goes over the nodes of a ring', () => {
  const set = setOf('cassandra');
  const data = clusterOf({ workloads: [set], pods: [0, 1, 2].map((index) => podOf(set, index)) });
  const checked = (views: RingSketch['views'], only: readonly string[]): readonly Precondition[] =>
    ringChecks(
      data,
      data.members.filter(({ name }) => only.includes(name)),
      readingOf(views),
      [],
      NOW,
    );
  const failing = (checks: readonly Precondition[]): readonly string[] =>
    checks.filter(({ state }) => state === 'fails').map(({ id }) => id);

  test('may begin in a ring that is well', () => {
    expect(failing(checked(whole, ['cassandra-2']))).toEqual([]);
  });

  // A restart would finish it; a cleanup would wait for it for ever.
  test.each([[['cassandra-2']], [['cassandra-0']], [['cassandra-2', 'cassandra-1', 'cassandra-0']]])(
    'of %j may not begin while one is drained and nobody brings it back',
    (only) => {
      expect(failing(checked(drained, only))).toContain('ring');
    },
  );
});
