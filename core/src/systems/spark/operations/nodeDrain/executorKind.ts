import { numberOf } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import { hopelessTrouble } from '#core/operations/memberPods.ts';
import type { Answer } from '#core/operations/model.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { untilGone } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { askDriver } from '#core/systems/spark/operations/nodeDrain/askDriver.ts';
import {
  DRIVER,
  executorsNow,
  isExecutor,
  type ExecutorsNow,
} from '#core/systems/spark/operations/nodeDrain/executors.ts';
import { labels } from '#core/systems/spark/live/pods.ts';

/** The parameter of the plan that is true when Spark itself decides how many executors there are. */
export const DYNAMIC = 'dynamic';

/** Of a step's memory: how many executors ran, this one included, before it was evicted. */
const BEFORE = 'before';

/**
 * How long dynamic allocation may take to ask for another executor: it asks when tasks have waited for a second, then every second, and pods
 * are made every second. Source: spark.dynamicAllocation.schedulerBacklogTimeout, spark.kubernetes.allocation.batch.delay.
 */
const SETTLED_MS = 30_000;

/**
 * Evicts one executor: its hook decommissions it where that is on, while its own grace lasts.
 *
 * 1. It goes when its driver runs, no other executor of the application is on its way out, and its budgets allow it.
 * 2. It is awaited until its pod is gone, and then until the application has as many executors as before: by their pods, and by the word of
 *    the driver where its REST API answers.
 * 3. None is awaited when the application is over, or when Spark allocates dynamically and has not asked for another for a while.
 */
export function executorKind(run: JobRun): StepKind {
  /** When each was first seen gone; a run that goes on elsewhere waits once more. */
  const goneSince = new Map<string, number>();
  const since = (id: string): number => {
    const at = goneSince.get(id) ?? run.clock.now();
    goneSince.set(id, at);
    return at;
  };
  return {
    async isDone(context) {
      if (await run.leaving(context).present()) return false;
      // One that this run has not evicted is nothing to wait for; else the next one goes only when the application is whole.
      const before = numberOf(context.memory[BEFORE]);
      return before === undefined || (await whole(run, before, since(context.step.id))).kind === 'yes';
    },
    hasActed: (context) => run.leaving(context).hasActed(),
    async prepare(context) {
      const [pod, { running }] = await Promise.all([run.leaving(context).present(), executorsNow(run)]);
      // Of one that went while the run was interrupted, what was remembered then.
      const remembered = pod ? undefined : numberOf(context.memory[BEFORE]);
      return { [BEFORE]: remembered ?? running.length };
    },
    gate: (context) => mayGo(run, context),
    async act(context) {
      const pod = await run.leaving(context).present();
      if (pod && !isExecutor(pod)) {
        const reason = `${pod.meta.name} is no executor any more.`;
        return { kind: 'stop', reason, fix: 'Plan it again for what is there now.' };
      }
      return run.leaving(context).evict();
    },
    async awaited(context) {
      const pod = await run.leaving(context).present();
      if (pod) return untilGone(pod, run.clock.now());
      return whole(run, numberOf(context.memory[BEFORE]) ?? 0, since(context.step.id));
    },
    finish: async () => [],
  };
}

async function mayGo(run: JobRun, context: StepContext): Promise<Answer> {
  const leaving = run.leaving(context);
  if (await leaving.hasActed()) return { kind: 'yes', evidence: 'it goes already' };
  const { driver, ending } = await executorsNow(run);
  if (driver && ending.length > 0) {
    const names = ending.map(({ meta }) => meta.name).join(', ');
    return { kind: 'wait', waitingFor: `${names} to end first`, measure: [ending.length], isNear: true };
  }
  return leaving.gate();
}

/** Whether the application has what it had, or will not get it. */
async function whole(run: JobRun, before: number, goneAt: number): Promise<Answer> {
  const now = await executorsNow(run);
  const { driver, running, pending } = now;
  const over = driver ? undefined : await endOf(run);
  if (over !== undefined) return { kind: 'yes', evidence: `${over}: no other executor comes` };
  if (running.length >= before) return registered(run, driver, now);
  const isDynamic = run.plan.parameters[DYNAMIC] === true;
  if (isDynamic && pending.length === 0 && run.clock.now() - goneAt >= SETTLED_MS) {
    const evidence = `no other was asked for within ${SETTLED_MS / 1000} s; dynamic allocation does that when tasks wait`;
    return { kind: 'yes', evidence };
  }
  return (
    hopeless(run, now) ?? {
      kind: 'wait',
      waitingFor: `${before - running.length} of ${counted(before, 'executor')} to be back`,
      measure: [before - running.length, pending.length],
      isNear: pending.length > 0,
    }
  );
}

const UNSEEN = { kind: 'silent', reason: 'it is not to be seen' } as const;

/** Why an application without a driver is over; undefined when there never was one to be seen, which says nothing. */
async function endOf(run: JobRun): Promise<string | undefined> {
  return (await run.voice.over()) ?? (run.plan.parameters[DRIVER] === '' ? undefined : 'its driver is gone');
}

/** An executor that runs is of use once the driver counts it as its own. */
async function registered(run: JobRun, driver: LivePod | undefined, { running }: ExecutorsNow): Promise<Answer> {
  const answer = driver ? await askDriver(run.cluster, driver) : UNSEEN;
  const have = counted(running.length, 'executor runs', 'executors run');
  if (answer.kind === 'silent')
    return { kind: 'yes', evidence: `${have} by their pods; the driver was not asked: ${answer.reason}` };
  const strange = running.filter(({ meta }) => {
    const id = meta.labels[labels.executor];
    return id !== undefined && !answer.ids.has(id);
  });
  if (strange.length === 0) return { kind: 'yes', evidence: `${have}, and the driver counts them as its own` };
  const names = strange.map(({ meta }) => meta.name).join(', ');
  return { kind: 'wait', waitingFor: `${names} to register with the driver`, measure: [strange.length], isNear: false };
}

/** A new executor that no node takes, or that cannot start, does not mend itself. */
function hopeless(run: JobRun, { pending }: ExecutorsNow): Answer | undefined {
  for (const pod of pending) {
    const trouble = hopelessTrouble(pod, run.clock.now());
    if (trouble !== undefined) {
      const { name } = pod.meta;
      const fix = `Repair ${name}; no other executor is touched until then.`;
      return { kind: 'stop', reason: `The executor that comes instead, ${name}: ${trouble}.`, fix };
    }
  }
  return undefined;
}
