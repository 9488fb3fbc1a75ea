import { runPlan } from '#core/operations/engine.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import { JournalTaken, usualSettings, type RunPorts } from '#core/operations/run.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { planOf } from './plans.ts';
import { SimulatedRestart, type SimulatedMembers } from './simulatedMembers.ts';

export function planFor(system: SimulatedMembers): Plan {
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

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly kill: () => void;
  wish: 'run' | 'cancel' | 'detach';
  readonly waits: string[];
}

/** Begins or goes on with a run under the name of a runner; what is kept comes from earlier ones. */
export function startRun(
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
export async function within(clock: FakeClock, attempt: Attempt, limitMs: number): Promise<RunRecord | undefined> {
  const seen: { record?: RunRecord } = {};
  void attempt.result.then((record) => {
    seen.record = record;
  });
  const end = clock.now() + limitMs;
  while (!seen.record && clock.now() < end) await clock.pass(5000);
  await settle();
  return seen.record;
}

/** A run that is killed, resumed, detached and cancelled at random moments in a system made by chance. */
export async function liveThrough(
  make: (clock: FakeClock, random: Random) => SimulatedMembers,
  seed: number,
): Promise<{ system: SimulatedMembers; last: RunRecord | undefined; kills: number }> {
  const random = makeRandom(seed);
  const clock = new FakeClock();
  const system = make(clock, random);
  const plan = planFor(system);
  const kept = { text: '', owner: '' };
  let kills = 0;
  let last: RunRecord | undefined;
  for (let round = 0; round < 12 && last?.state.kind !== 'done'; round += 1) {
    const attempt = startRun(system, clock, plan, kept, `runner-${round}`);
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
