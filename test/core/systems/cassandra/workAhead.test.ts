import { describe, expect, test } from 'vitest';
import { verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';
import {
  freeDisks,
  workAhead,
  workAheadCheck,
  type NodeFiles,
} from '#core/systems/cassandra/operations/tending/workAhead.ts';

const GIB = 1024 ** 3;

describe('what is ahead of a node', () => {
  const node: NodeFiles = {
    pod: 'catalog-0',
    loadBytes: 12 * GIB,
    files: {
      count: 3,
      bytes: 10 * GIB,
      keyspaces: [
        { keyspace: 'shop', bytes: 9 * GIB },
        { keyspace: 'audit', bytes: GIB },
      ],
      formats: { me: GIB, nb: 9 * GIB },
      isCut: false,
    },
    disk: { free: 90 * GIB, size: 100 * GIB, largest: 4 * GIB },
    throughput: 64 * 1024 ** 2,
    snapshots: [
      { name: 'nightly', keyspace: 'shop', table: 'orders', pinnedBytes: 0, bytes: 2 * GIB },
      { name: 'nightly', keyspace: 'shop', table: 'items', pinnedBytes: GIB, bytes: 2 * GIB },
    ],
  };
  const text = (more: Partial<NodeFiles> = {}, mode: keyof typeof verbs = 'cleanup'): string =>
    workAhead(verbs[mode], { ...node, ...more }, undefined).text;

  test('of a cleanup', () => {
    expect(text()).toBe(
      'catalog-0: 10.0 GiB at most are written anew (3 files, shop 9.0 GiB, audit 1.0 GiB); 4.0 GiB free is needed at most, 90.0 GiB is there; 2 min 40 s at 64.0 MiB/s; 1 snapshot pins 1.0 GiB now and up to 4.0 GiB once the files are written anew',
    );
    expect(workAhead(verbs.cleanup, node, undefined)).toMatchObject({ expectedMs: 160_000, needed: 4 * GIB });
  });

  test.each([
    ['formats of an upgrade', {}, 'upgrade sstables', 'formats me 1.0 GiB, nb 9.0 GiB'],
    ['all of a compaction', {}, 'compact', '12.0 GiB free is needed at most'],
    ['no limit', { throughput: 0 }, 'cleanup', 'compaction has no limit'],
    ['a throughput that is not known', { throughput: undefined }, 'cleanup', 'its compaction throughput is not known'],
    ['no listing', { files: undefined }, 'cleanup', '12.0 GiB at most are written anew (by its load)'],
    ['no disk', { disk: undefined }, 'cleanup', 'its disk did not tell'],
    ['nothing known', { files: undefined, loadBytes: undefined }, 'cleanup', 'what it holds is not known'],
    ['snapshots that are not known', { snapshots: undefined }, 'cleanup', 'its snapshots are not known'],
  ] as const)('%s', (_, more, mode, expected) => {
    expect(text(more, mode)).toContain(expected);
  });

  test('a cleanup that is not needed is over at once', () => {
    const work = workAhead(verbs.cleanup, node, { node: 'catalog-0', verdict: 'not needed', reason: '' });
    expect(work).toMatchObject({
      expectedMs: 10_000,
      text: expect.stringContaining('expected to skip all') as unknown,
    });
    const compact = workAhead(verbs.compact, node, { node: 'catalog-0', verdict: 'not needed', reason: '' });
    expect(compact.expectedMs).toBe(160_000);
  });

  test('as a question and as a comparison', () => {
    const works = [workAhead(verbs.cleanup, node, undefined)];
    expect(workAheadCheck(works).state).toBe('holds');
    expect(freeDisks(works)[0]?.items).toEqual([{ label: 'catalog-0', before: 90 * GIB, after: 86 * GIB }]);
    const untold = [workAhead(verbs.cleanup, { ...node, disk: undefined }, undefined)];
    expect([workAheadCheck(untold).state, freeDisks(untold)]).toEqual(['unknown', []]);
  });
});
