import { untilGone } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

const MINUTE_MS = 60_000;

/**
 * Waits until a pod has ended by itself, or until its run has: a PS runs on when its job has ended, and is evicted only then. It is waited
 * for at the gate, where a run can be paused and cancelled, and time itself is what moves: somebody has asked for a wait that may take days.
 */
export function waitKind(run: JobRun): StepKind {
  const isGone = async (context: StepContext): Promise<boolean> => (await run.leaving(context).present()) === undefined;
  return {
    isDone: isGone,
    hasActed: (context) => run.leaving(context).hasActed(),
    prepare: async () => ({}),
    async gate(context) {
      if (await isGone(context)) return { kind: 'yes', evidence: 'it has ended' };
      if ((await run.voice.finished()) !== undefined) return run.leaving(context).gate();
      const minute = Math.floor(run.clock.now() / MINUTE_MS);
      const waitingFor = `${run.namespace}/${run.leaving(context).id.name} to end by itself`;
      return { kind: 'wait', waitingFor, measure: [minute], isNear: false };
    },
    async act(context) {
      if (await isGone(context)) return { kind: 'acted' };
      if ((await run.voice.finished()) !== undefined) return run.leaving(context).evict();
      return { kind: 'again', waitingFor: 'the run to end by itself' };
    },
    async awaited(context) {
      const pod = await run.leaving(context).present();
      return pod ? untilGone(pod, run.clock.now()) : { kind: 'yes', evidence: 'it has ended' };
    },
    async finish() {
      const state = await run.voice.state();
      return state === undefined ? [] : [state];
    },
  };
}
