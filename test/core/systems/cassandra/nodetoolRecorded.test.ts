import { expect, test } from 'vitest';
import { readNodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { parseCompactionStats } from '#core/systems/cassandra/nodetool/compactionStats.ts';
import { parseDescribeCluster } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { parseInfo } from '#core/systems/cassandra/nodetool/info.ts';
import { parseNetstats } from '#core/systems/cassandra/nodetool/netstats.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { nodetoolText } from '#test/core/systems/cassandra/nodetoolFixtures.ts';

// What nodes of a real ring of 5.0.9 printed.

test('a drained node still tells who it is', () => {
  expect(parseInfo(nodetoolText('5.0', 'info-drained'))).toMatchObject({
    hostId: '09fa835a-bd80-4cf0-8d8a-577e44f27278',
    isGossiping: false,
    isServingClients: false,
    generation: 0,
    isJoined: true,
  });
});

test('a drained node answers for the ring, and knows the schema of nobody', () => {
  const { schemas, unreachable, keyspaces, releases } = parseDescribeCluster(
    nodetoolText('5.0', 'describecluster-drained'),
  );
  expect(schemas).toEqual([]);
  expect(unreachable).toEqual(['10.1.0.12', '10.1.0.11', '10.1.0.13']);
  expect(releases.map(({ version }) => version)).toEqual(['5.0.9']);
  expect(keyspaces?.find(({ keyspace }) => keyspace === 'shop')?.factors).toEqual({ dc1: 3 });
});

test('a cleanup tells its table and how far it is', () => {
  const stdout = nodetoolText('5.0', 'compactionstats-cleanup');
  expect(parseCompactionStats(stdout)).toEqual({
    pending: 1,
    running: [
      {
        id: 'da1b68a0-e979-11f1-bc99-0f725fd18581',
        type: 'Cleanup',
        keyspace: 'data_clusters_bulk',
        table: 'rows',
        completed: 801_488,
        total: 30_552_850,
        unit: 'bytes',
        percent: 2.62,
      },
    ],
  });
  const results = new Map([['compactions', { exitCode: 0, stdout, stderr: '' }]]);
  const answer = readNodeAnswer(
    { member: 'cassandra-0', podUid: 'u', podIp: '10.1.0.11' },
    { isWithoutNodetool: false, isLoginHomeless: false, results },
  );
  expect(progressOf(verbs.cleanup, answer)).toMatchObject({
    isAtWork: true,
    text: 'Cleanup of data_clusters_bulk.rows 2 %',
  });
});

test('a node that is decommissioned tells what it still has to send to whom', () => {
  const { mode, streams } = parseNetstats(nodetoolText('5.0', 'netstats-leaving'));
  expect(mode).toBe('LEAVING');
  expect(streams).toEqual([
    {
      operation: 'Unbootstrap',
      planId: 'c6a8f700-e97a-11f1-ab43-63d7fd1c51cf',
      sessions: [
        {
          peer: '10.1.0.12',
          receiving: undefined,
          sending: { files: 9, bytes: 12_471_363, doneFiles: 0, doneBytes: 2_384_321 },
        },
        {
          peer: '10.1.0.11',
          receiving: undefined,
          sending: { files: 9, bytes: 12_805_499, doneFiles: 0, doneBytes: 2_679_675 },
        },
        {
          peer: '10.1.0.13',
          receiving: undefined,
          sending: { files: 22, bytes: 10_273_361, doneFiles: 0, doneBytes: 0 },
        },
      ],
    },
  ]);
});
