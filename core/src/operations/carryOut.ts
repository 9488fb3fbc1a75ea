import { ConfigMapJournal } from '#core/operations/configMapJournal.ts';
import { runPlan } from '#core/operations/engine.ts';
import { EventTeller } from '#core/operations/events.ts';
import { LeaseLock } from '#core/operations/leaseLock.ts';
import type { Plan, Progress, RunRecord, RunState } from '#core/operations/model.ts';
import type { RunnerPorts } from '#core/operations/operations.ts';
import { describeError, sleep } from '#core/operations/poller.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { Journal, RunControl, RunLock } from '#core/operations/run.ts';

export interface Undertaking {
  readonly plan: Plan;
  readonly procedure: Procedure;
  readonly earlier?: RunRecord;
  readonly confirmed?: string;
}

/** A runner that died leaves a lease that is over a minute after its last word. */
const LOCK_PATIENCE_MS = 90_000;
const LOCK_POLL_MS = 2000;

/**
 * Runs a plan with journal and lock in the cluster and tells of it in Events of the workload. Where neither may be written, which the
 * plan has asked consent for, the run is remembered by this program only.
 */
export async function carryOut(
  { plan, procedure, earlier, confirmed }: Undertaking,
  ports: RunnerPorts,
): Promise<RunRecord> {
  const { cluster, clock, runner } = ports;
  const isUnwritten = plan.preconditions.some(({ id, state }) => id === 'journal' && state === 'consent');
  const journal: Journal = isUnwritten ? unwritten : new ConfigMapJournal(cluster, plan.target);
  const lock: RunLock = isUnwritten ? unlocked : lockOf(plan, ports);
  const control: RunControl = heeding(ports.control, lock);
  const events = new EventTeller(plan, ports);
  const listener = (progress: Progress): void => {
    ports.listener(progress);
    events.hear(progress);
  };
  const patient = patientLock(lock, plan, ports);
  // Before anything is written: a runner that is alive must not find its journal in other hands.
  const obstacle = await obstacleTo(patient);
  if (obstacle) {
    ports.listener({ kind: 'state', state: obstacle, at: clock.now() });
    const startedAt = earlier?.startedAt ?? clock.now();
    return { plan, state: obstacle, startedAt, runner, steps: earlier?.steps ?? [] };
  }
  events.start(earlier !== undefined);
  const request = {
    plan,
    procedure,
    ...(earlier ? { earlier } : {}),
    ...(confirmed === undefined ? {} : { confirmed }),
  };
  const settings = ports.settings ? { settings: ports.settings } : {};
  const record = await runPlan(request, { clock, journal, lock, runner, control, listener, ...settings });
  await events.end();
  return record;
}

/** Of a plan with parts every data cluster is locked, in one order for all, so that two runs never wait for each other. */
function lockOf({ target, parts = [] }: Plan, { cluster, clock, runner }: RunnerPorts): RunLock {
  const targets = [target, ...parts.map((part) => part.target)].toSorted((a, b) => a.key.localeCompare(b.key, 'en'));
  const locks = targets.map((one) => new LeaseLock(cluster, clock, one, runner));
  return {
    async ensure(forMs) {
      for (const [index, lock] of locks.entries()) {
        const other = await lock.ensure(forMs);
        if (other === undefined) continue;
        // A runner that died has left all of them, and they shall be over at the same time.
        for (const later of locks.slice(index + 1)) await later.look();
        return other;
      }
      return undefined;
    },
    async release() {
      for (const lock of locks) await lock.release();
    },
    get asked() {
      return locks.map(({ asked }) => asked).find((asked) => asked !== undefined);
    },
  };
}

/** What is wanted here and from other machines; here is somebody who sees what happens, so his word goes first. */
function heeding(control: RunControl, lock: RunLock): RunControl {
  return {
    get wish() {
      return control.wish === 'run' ? (lock.asked ?? 'run') : control.wish;
    },
  };
}

const LOCK_FOR_MS = 30_000;

async function obstacleTo(lock: Pick<RunLock, 'ensure'>): Promise<RunState | undefined> {
  try {
    const other = await lock.ensure(LOCK_FOR_MS);
    if (other === undefined) return undefined;
    const reason = `${other} runs an operation here.`;
    return { kind: 'stopped', reason, fix: 'Watch it there, or resume it here once it has ended.' };
  } catch (error) {
    return { kind: 'paused', reason: describeError(error), fix: 'Nothing was done; try again.' };
  }
}

/** Whoever holds the lock when the run begins may be dead; that shows within a minute. */
function patientLock(lock: RunLock, plan: Plan, { clock, listener, control }: RunnerPorts): Pick<RunLock, 'ensure'> {
  return {
    async ensure(forMs) {
      const began = clock.now();
      for (;;) {
        const other = await lock.ensure(forMs);
        const [step] = plan.steps;
        const isOver = clock.now() - began >= LOCK_PATIENCE_MS || control.wish !== 'run';
        if (other === undefined || step === undefined || isOver) return other;
        const waitingFor = `${other} to give up the lock, or to be silent for a minute`;
        listener({ kind: 'waiting', step, phase: 'gate', waitingFor, at: clock.now() });
        await sleep(clock, LOCK_POLL_MS);
      }
    },
  };
}

const unwritten: Journal = { write: () => Promise.resolve() };
const unlocked: RunLock = { ensure: () => Promise.resolve(undefined), release: () => Promise.resolve() };
