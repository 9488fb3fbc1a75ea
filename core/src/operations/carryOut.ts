import { ConfigMapJournal } from '#core/operations/configMapJournal.ts';
import { runPlan } from '#core/operations/engine.ts';
import { EventTeller } from '#core/operations/events.ts';
import { LeaseLock } from '#core/operations/leaseLock.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunnerPorts } from '#core/operations/operations.ts';
import { sleep } from '#core/operations/poller.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { Journal, RunLock } from '#core/operations/run.ts';

export interface Undertaking {
  readonly plan: Plan;
  readonly procedure: Procedure;
  readonly earlier?: RunRecord;
}

/** A runner that died leaves a lease that is over a minute after its last word. */
const LOCK_PATIENCE_MS = 90_000;
const LOCK_POLL_MS = 2000;

/**
 * Runs a plan with journal and lock in the cluster and tells of it in Events of the workload. Where neither may be written, which the
 * plan has asked consent for, the run is remembered by this program only.
 */
export async function carryOut({ plan, procedure, earlier }: Undertaking, ports: RunnerPorts): Promise<RunRecord> {
  const { cluster, clock, runner, control } = ports;
  const isUnwritten = plan.preconditions.some(({ id, state }) => id === 'journal' && state === 'consent');
  const journal: Journal = isUnwritten ? unwritten : new ConfigMapJournal(cluster, plan.target);
  const lock: RunLock = isUnwritten ? unlocked : new LeaseLock(cluster, clock, plan.target, runner);
  const events = new EventTeller(plan, ports);
  const listener = (progress: Progress): void => {
    ports.listener(progress);
    events.hear(progress);
  };
  const runPorts = { clock, journal, lock: patientLock(lock, plan, { ...ports, listener }), runner, control, listener };
  events.start(earlier !== undefined);
  const request = { plan, procedure, ...(earlier ? { earlier } : {}) };
  const record = await runPlan(request, { ...runPorts, ...(ports.settings ? { settings: ports.settings } : {}) });
  await events.end();
  return record;
}

/** Whoever holds the lock when the run begins may be dead; that shows within a minute. Later it is lost at once. */
function patientLock(lock: RunLock, plan: Plan, { clock, listener, control }: RunnerPorts): RunLock {
  let isOurs = false;
  return {
    release: () => lock.release(),
    async ensure(forMs) {
      const began = clock.now();
      for (;;) {
        const other = await lock.ensure(forMs);
        if (other === undefined) isOurs = true;
        const [step] = plan.steps;
        if (isOurs || step === undefined || clock.now() - began >= LOCK_PATIENCE_MS) return other;
        if (control.wish !== 'run') return other;
        const waitingFor = `${other ?? 'somebody else'} to give up the lock or to be silent for its time`;
        listener({ kind: 'waiting', step, phase: 'gate', waitingFor, at: clock.now() });
        await sleep(clock, LOCK_POLL_MS);
      }
    },
  };
}

const unwritten: Journal = { write: () => Promise.resolve() };
const unlocked: RunLock = { ensure: () => Promise.resolve(undefined), release: () => Promise.resolve() };
