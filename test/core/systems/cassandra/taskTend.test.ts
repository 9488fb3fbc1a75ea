import { describe, expect, it } from 'vitest';
import { decodeTask } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { argumentsOf, verdictOn } from '#core/systems/cassandra/operations/operated/taskTend.ts';

const pods = ['a-0', 'b-0', 'c-0'];

interface Told {
  readonly conditions?: Readonly<Record<string, string>>;
  readonly pods?: Readonly<Record<string, readonly [status: string, error?: string]>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly isOver?: boolean;
}

const verdict = ({ conditions = {}, pods: statuses = {}, counts = {}, isOver = true }: Told) => {
  const podStatuses = Object.fromEntries(
    Object.entries(statuses).map(([pod, [status, error = '']]) => [pod, { status, error }]),
  );
  const status = {
    startTime: '2026-03-01T08:00:00Z',
    ...(isOver ? { completionTime: '2026-03-01T09:00:00Z' } : {}),
    conditions: Object.entries(conditions).map(([type, state]) => ({ type, status: state })),
    podStatuses,
    ...counts,
  };
  return verdictOn(decodeTask({ metadata: { name: 'one' }, spec: { jobs: [{ command: 'cleanup' }] }, status }), pods);
};

const done = ['COMPLETED'] as const;

describe('a CassandraTask is judged', () => {
  it('done only when every node of the step is told of as completed', () => {
    const conditions = { Complete: 'True' };
    expect(verdict({ conditions, pods: { 'a-0': done, 'b-0': done, 'c-0': done } })).toEqual({
      kind: 'done',
      text: 'CassandraTask one ended well on 3 nodes',
    });
    expect(verdict({ conditions, pods: { 'a-0': done, 'b-0': done }, counts: { succeeded: 3 } })).toEqual({
      kind: 'failed',
      text: 'CassandraTask one calls itself Complete, and says nothing of c-0',
    });
  });

  it('by the counts where an old operator tells of no pods', () => {
    expect(verdict({ conditions: { Complete: 'True' }, counts: { succeeded: 3 } }).kind).toBe('done');
    expect(verdict({ conditions: { Complete: 'True' }, counts: { succeeded: 2 } })).toEqual({
      kind: 'failed',
      text: 'CassandraTask one calls itself Complete after 2 of 3 nodes',
    });
  });

  it('failed although it is Complete, whichever way it says so', () => {
    const conditions = { Complete: 'True' };
    expect(verdict({ conditions, counts: { succeeded: 2, failed: 1 } })).toEqual({
      kind: 'failed',
      text: 'CassandraTask one failed on 1 nodes; 2 others are done',
    });
    expect(verdict({ conditions: { ...conditions, Failed: 'True' }, counts: { succeeded: 3 } }).kind).toBe('failed');
    expect(
      verdict({
        conditions,
        pods: { 'a-0': done, 'b-0': ['ERROR', 'disk full'], 'c-0': done },
        counts: { succeeded: 2 },
      }),
    ).toEqual({ kind: 'failed', text: 'CassandraTask one failed on b-0: disk full; 2 others are done' });
  });

  it('too early when all that failed were refused because others joined or left', () => {
    const refusal = 'Node is involved in cluster membership changes. Not safe to run cleanup.';
    const early = verdict({ pods: { 'a-0': ['ERROR', refusal], 'b-0': done, 'c-0': done }, counts: { failed: 1 } });
    expect(early.kind).toBe('too early');
    const mixed = verdict({ pods: { 'a-0': ['ERROR', refusal], 'b-0': ['ERROR', 'disk full'], 'c-0': done } });
    expect(mixed.kind).toBe('failed');
  });

  it('under way as long as it is not over, failures or not: the operator goes on with the others', () => {
    expect(verdict({ isOver: false, pods: { 'a-0': ['ERROR', 'x'], 'b-0': ['RUNNING'] } }).kind).toBe('under way');
    expect(verdict({ isOver: false }).kind).toBe('under way');
  });

  it('is told one thread, the source, or the pod', () => {
    expect(argumentsOf('cleanup', pods, '')).toEqual({ jobs: 1 });
    expect(argumentsOf('rebuild', pods, 'dc1')).toEqual({ source_datacenter: 'dc1' });
    expect(argumentsOf('flush', ['b-0'], '')).toEqual({ pod_name: 'b-0' });
  });
});
