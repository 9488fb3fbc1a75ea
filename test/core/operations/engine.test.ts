import { describe, expect, it } from 'vitest';
import { runPlan } from '#core/operations/engine.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import { JournalTaken, usualSettings, type RunPorts } from '#core/operations/run.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { planOf } from './plans.ts';
import { SimulatedMembers, SimulatedRestart, type SimulationOptions } from './simulatedMembers.ts';

const calm: SimulationOptions = { members: 3, lossPercent: 0, breakPercent: 0, accidentPercent: 0 };

function planFor(system: SimulatedMembers): Plan {
  return planOf(SimulatedRestart.steps(system.uids));
}

/** What a cluster keeps of the run, through JSON as a ConfigMap does, with calls that may be lost on either way. */
class KeptJournal {
  private readonly system: SimulatedMembers;
  private readonly isDead: () => boolean;
  private readonly runner: string;
  private readonly shared: { text: string; owner: string };

  constructor(
    system: SimulatedMembers,
    isDead: () => boolean,
    runner: string,
    shared: { text: string; owner: string },
  ) {
    this.system = system;
    this.isDead = isDead;
    this.runner = runner;
    this.shared = shared;
  }

  async write(record: RunRecord): Promise<void> {
    if (this.isDead()) return new Promise<never>(() => undefined);
    await this.system.call(() => {
      if (this.isDead()) return;
      if (this.shared.owner !== this.runner) throw new JournalTaken(this.shared.owner);
      this.shared.text = JSON.stringify(record);
    });
    if (this.isDead()) return new Promise<never>(() => undefined);
  }
}

interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly kill: () => void;
  wish: 'run' | 'cancel' | 'detach';
  readonly waits: string[];
}

function start(
  system: SimulatedMembers,
  clock: FakeClock,
  plan: Plan,
  kept: { text: string; owner: string },
  name: string,
): Attempt {
  let dead = false;
  const isDead = (): boolean => dead;
  kept.owner = name;
  const attempt = { wish: 'run' as Attempt['wish'], waits: [] as string[] };
  const ports: RunPorts = {
    clock,
    journal: new KeptJournal(system, isDead, name, kept),
    lock: {
      ensure: async () => (kept.owner === name ? undefined : kept.owner),
      release: async () => undefined,
    },
    control: {
      get wish() {
        return attempt.wish;
      },
    },
    runner: name,
    listener: (progress) => {
      if (progress.kind === 'waiting') attempt.waits.push(progress.waitingFor);
    },
    settings: { ...usualSettings, stallMs: 60_000, silenceMs: 300_000 },
  };
  const earlier = kept.text === '' ? undefined : readRunRecord(JSON.parse(kept.text));
  const result = runPlan(
    { plan, procedure: new SimulatedRestart(system, isDead), ...(earlier ? { earlier } : {}) },
    ports,
  );
  return Object.assign(attempt, {
    result,
    kill: () => {
      dead = true;
    },
  });
}

/** Lets time pass until the run ends, at most the given time. */
async function within(clock: FakeClock, attempt: Attempt, limitMs: number): Promise<RunRecord | undefined> {
  const seen: { record?: RunRecord } = {};
  void attempt.result.then((record) => {
    seen.record = record;
  });
  const end = clock.now() + limitMs;
  while (!seen.record && clock.now() < end) await clock.pass(5000);
  await settle();
  return seen.record;
}

describe('runPlan', () => {
  it('takes one member after the other and says when each was out', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(1), calm);
    const record = await within(clock, start(system, clock, planFor(system), { text: '', owner: '' }, 'one'), 600_000);
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
    await within(clock, start(system, clock, plan, kept, 'one'), 600_000);
    const again = await within(clock, start(system, clock, plan, kept, 'two'), 600_000);
    expect(again?.state.kind).toBe('done');
    expect(system.acts).toBe(3);
  });

  it('stops at the member that does not come back, and the next run begins with its repair', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(3), { ...calm, breakPercent: 100 });
    const kept = { text: '', owner: '' };
    const plan = planFor(system);
    const record = await within(clock, start(system, clock, plan, kept, 'one'), 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: 'member 0 does not start' });
    expect(system.acts).toBe(1);
    const second = await within(clock, start(system, clock, plan, kept, 'two'), 600_000);
    expect(second?.state.kind).toBe('stopped');
    expect(system.acts).toBe(1);
  });

  it('pauses when nothing moves', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(3), calm);
    system.freeze(2);
    const record = await within(clock, start(system, clock, planFor(system), { text: '', owner: '' }, 'one'), 600_000);
    expect(record?.state.kind).toBe('paused');
    expect(record?.state.kind === 'paused' && record.state.reason).toContain('members 2');
    expect(system.acts).toBe(0);
  });

  it('leaves before the next act when it is cancelled, and the member in flight is awaited', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(5), calm);
    const attempt = start(system, clock, planFor(system), { text: '', owner: '' }, 'one');
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
    const attempt = start(system, clock, planFor(system), { text: '', owner: '' }, 'one');
    system.identity = 'second';
    const record = await within(clock, attempt, 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: 'Another cluster answers under this name.' });
    expect(system.acts).toBe(0);
  });

  it('acts no more once somebody else has taken over', async () => {
    const clock = new FakeClock();
    const system = new SimulatedMembers(clock, makeRandom(5), calm);
    const kept = { text: '', owner: '' };
    const attempt = start(system, clock, planFor(system), kept, 'one');
    while (system.acts === 0) await clock.pass(500);
    kept.owner = 'two';
    const record = await within(clock, attempt, 600_000);
    expect(record?.state).toMatchObject({ kind: 'stopped' });
    expect(system.acts).toBe(1);
  });
});

/** A run that is killed, resumed, detached and cancelled at random moments in a system where everything goes wrong now and then. */
async function live(seed: number): Promise<{ system: SimulatedMembers; last: RunRecord | undefined; kills: number }> {
  const random = makeRandom(seed);
  const clock = new FakeClock();
  const system = new SimulatedMembers(clock, random, {
    members: 1 + random.below(6),
    lossPercent: random.below(12),
    breakPercent: random.below(3),
    accidentPercent: random.below(3),
  });
  const plan = planFor(system);
  const kept = { text: '', owner: '' };
  let kills = 0;
  let last: RunRecord | undefined;
  for (let round = 0; round < 12 && last?.state.kind !== 'done'; round += 1) {
    const attempt = start(system, clock, plan, kept, `runner-${round}`);
    last = await disturbed(clock, attempt, random, round);
    if (last === undefined) kills += 1;
    else system.heal();
  }
  return { system, last, kills };
}

/** The end of the run, or undefined when it was killed; the last rounds are left in peace. */
async function disturbed(
  clock: FakeClock,
  attempt: Attempt,
  random: Random,
  round: number,
): Promise<RunRecord | undefined> {
  const fate = round < 9 ? random.below(4) : 3;
  if (fate === 3) return within(clock, attempt, 3_600_000);
  const early = await within(clock, attempt, 200 + random.below(20_000));
  if (early) return early;
  if (fate === 0) {
    attempt.kill();
    return undefined;
  }
  attempt.wish = fate === 1 ? 'cancel' : 'detach';
  return within(clock, attempt, 3_600_000);
}

describe('promises, over random schedules', () => {
  it('never takes a second member out, never takes one twice, and always ends or says why', async () => {
    let kills = 0;
    let done = 0;
    for (let seed = 1; seed <= 1000; seed += 1) {
      const { system, last, kills: killed } = await live(seed);
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
