import { describe, expect, it } from 'vitest';
import { FakeClock } from '#test/support/fakeClock.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { liveThrough, planFor, startRun, within } from './disturbedRuns.ts';
import { SimulatedMembers, type SimulationOptions } from './simulatedMembers.ts';

const calm: SimulationOptions = { members: 3, lossPercent: 0, breakPercent: 0, accidentPercent: 0 };

describe('runPlan', () => {
  it('takes one member after the other and says when each was out', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(1), calm);
    const record = await within(
      clock,
      startRun(system, clock, planFor(system), { text: '', owner: '' }, 'one'),
      600_000,
    );
    expect(record?.state).toEqual({ kind: 'done' });
    expect(system.acts).toBe(3);
    expect(system.breaches).toEqual([]);
    expect(record?.steps.map(({ phase }) => phase)).toEqual(['done', 'done', 'done']);
    for (const { actedAt, doneAt } of record?.steps ?? []) expect(doneAt).toBeGreaterThan(actedAt ?? Infinity);
  });

  it('does nothing when everything is done already', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(1), calm);
    const kept = { text: '', owner: '' };
    const plan = planFor(system);
    await within(clock, startRun(system, clock, plan, kept, 'one'), 600_000);
    const again = await within(clock, startRun(system, clock, plan, kept, 'two'), 600_000);
    expect(again?.state.kind).toBe('done');
    expect(system.acts).toBe(3);
  });

  it('stops at the member that does not come back, and the next run begins with its repair', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(3), { ...calm, breakPercent: 100 });
    const kept = { text: '', owner: '' };
    const plan = planFor(system);
    const record = await within(clock, startRun(system, clock, plan, kept, 'one'), 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: 'member 0 does not start' });
    expect(system.acts).toBe(1);
    const second = await within(clock, startRun(system, clock, plan, kept, 'two'), 600_000);
    expect(second?.state.kind).toBe('stopped');
    expect(system.acts).toBe(1);
  });

  it('pauses when nothing moves', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(3), calm);
    system.freeze(2);
    const record = await within(
      clock,
      startRun(system, clock, planFor(system), { text: '', owner: '' }, 'one'),
      600_000,
    );
    expect(record?.state.kind).toBe('paused');
    expect(record?.state.kind === 'paused' && record.state.reason).toContain('members 2');
    expect(system.acts).toBe(0);
  });

  it('leaves before the next act when it is cancelled, and the member in flight is awaited', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(5), calm);
    const attempt = startRun(system, clock, planFor(system), { text: '', owner: '' }, 'one');
    while (system.acts === 0) await clock.pass(500);
    attempt.wish = 'cancel';
    const record = await within(clock, attempt, 600_000);
    expect(record?.state.kind).toBe('cancelled');
    expect(system.acts).toBe(1);
    expect(system.outside(-1)).toEqual([]);
  });

  it('stops when another cluster answers', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(5), calm);
    const attempt = startRun(system, clock, planFor(system), { text: '', owner: '' }, 'one');
    system.identity = 'second';
    const record = await within(clock, attempt, 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: 'Another cluster answers under this name.' });
    expect(system.acts).toBe(0);
  });

  it('acts no more once somebody else has taken over', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(5), calm);
    const kept = { text: '', owner: '' };
    const attempt = startRun(system, clock, planFor(system), kept, 'one');
    while (system.acts === 0) await clock.pass(500);
    kept.owner = 'two';
    const record = await within(clock, attempt, 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped' });
    expect(system.acts).toBe(1);
  });
});

/** Of any size, where everything goes wrong now and then. */
const anySystem = (clock: FakeClock, random: Random): SimulatedMembers =>
  new SimulatedMembers(clock, random, {
    members: 1 + random.below(6),
    lossPercent: random.below(12),
    breakPercent: random.below(3),
    accidentPercent: random.below(3),
  });

describe('promises, over random schedules', () => {
  it('never takes a second member out, never takes one twice, and always ends or says why', async () => {
    let kills = 0;
    let done = 0;
    for (let seed = 1; seed <= 1000; seed += 1) {
      const { system, last, kills: killed } = await liveThrough(anySystem, seed);
      kills += killed;
      expect(system.breaches, `seed ${seed}`).toEqual([]);
      expect(last, `seed ${seed} does not end`).toBeDefined();
      if (last?.state.kind === 'done') {
        done += 1;
        expect(system.acts, `seed ${seed}`).toBe(system.uids.length);
      } else expect(last?.state, `seed ${seed}`).toHaveProperty('reason');
    }
    expect(kills).toBeGreaterThan(100);
    expect(done).toBeGreaterThan(800);
  }, 60_000);
});
