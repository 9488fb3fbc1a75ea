import { describe, expect, it } from 'vitest';
import { beginToFollow, foldProgress, shareOf, stepNumber, type FollowedRun } from '#core/operations/followRun.ts';
import type { Progress } from '#core/operations/model.ts';
import { planOf, recordOf } from '#test/support/operationRuns.ts';

const plan = planOf();
const [first, second] = plan.steps;
if (!first || !second) throw new Error('The plan has steps.');

const begun = beginToFollow(plan, 'me', 0);

function fold(progress: readonly Progress[], from: FollowedRun = begun): FollowedRun {
  return progress.reduce(foldProgress, from);
}

describe('a run that is followed', () => {
  it('knows its step, the phase, since when, and what it waits for', () => {
    const waiting = fold([
      { kind: 'step', step: first, phase: 'gate', at: 10 },
      { kind: 'waiting', step: first, phase: 'gate', waitingFor: '3 partitions', at: 20 },
      { kind: 'waiting', step: first, phase: 'gate', waitingFor: '2 partitions', at: 30 },
    ]);
    expect(waiting.current).toEqual({ id: first.id, phase: 'gate', since: 10, waitingFor: '2 partitions' });
    expect(stepNumber(waiting)).toBe(1);
    const acting = fold([{ kind: 'step', step: first, phase: 'acting', at: 40 }], waiting);
    expect(acting.current).toEqual({ id: first.id, phase: 'acting', since: 40 });
  });

  it('keeps when a step acted and was done, and what was measured', () => {
    const done = fold([
      { kind: 'step', step: first, phase: 'gate', at: 1 },
      { kind: 'step', step: first, phase: 'awaiting', at: 2 },
      { kind: 'note', step: first, text: 'in sync after 3 s', at: 5 },
      { kind: 'step', step: first, phase: 'done', at: 6 },
    ]);
    expect(done.record.steps).toEqual([
      { id: first.id, phase: 'done', startedAt: 1, actedAt: 2, doneAt: 6, memory: {}, notes: ['in sync after 3 s'] },
    ]);
    expect([shareOf(done.record), stepNumber({ ...done, current: undefined })]).toEqual([{ done: 1, all: 3 }, 2]);
  });

  it('goes on from what an earlier run left, and keeps when it acted', () => {
    const earlier = recordOf();
    const resumed = fold(
      [{ kind: 'step', step: second, phase: 'awaiting', at: 99 }],
      beginToFollow(plan, 'me', 50, earlier),
    );
    expect(resumed.record.startedAt).toBe(earlier.startedAt);
    expect(resumed.record.steps.find(({ id }) => id === second.id)?.actedAt).toBe(earlier.steps[1]?.actedAt);
  });

  it('has no step under way once it ended', () => {
    const paused = { kind: 'paused', reason: 'Nothing moves.', fix: 'Look.' } as const;
    const ended = fold([
      { kind: 'step', step: first, phase: 'gate', at: 1 },
      { kind: 'state', state: paused, at: 2 },
    ]);
    expect([ended.current, ended.record.state]).toEqual([undefined, paused]);
  });

  it('keeps no more notes than the journal', () => {
    const notes = Array.from(
      { length: 30 },
      (_, at) => ({ kind: 'note', step: first, text: `note ${at}`, at }) as const,
    );
    const { record } = fold(notes);
    expect([record.steps[0]?.notes.length, record.steps[0]?.notes.at(-1)]).toEqual([20, 'note 29']);
  });
});
