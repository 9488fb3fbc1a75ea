import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

const MINUTE_MS = 60_000;

/**
 * Waits until a pod has ended by itself, and touches nothing. It is waited for at the gate, where a run can be paused and cancelled, and
 * time itself is what moves: somebody has asked for a wait that may take days.
 */
export function waitKind(run: JobRun): StepKind {
  return {
    isDone: async (context) => (await run.leaving(context).present()) === undefined,
    hasActed: async (context) => (await run.leaving(context).present()) === undefined,
    prepare: async () => ({}),
    async gate(context) {
      const pod = await run.leaving(context).present();
      if (!pod) return { kind: 'yes', evidence: 'it has ended' };
      const minute = Math.floor(run.clock.now() / MINUTE_MS);
      const waitingFor = `${run.namespace}/${pod.meta.name} to end by itself`;
      return { kind: 'wait', waitingFor, measure: [minute], isNear: false };
    },
    act: async () => ({ kind: 'acted' }),
    awaited: async () => ({ kind: 'yes', evidence: 'it has ended' }),
    async finish() {
      const state = await run.voice.state();
      return state === undefined ? [] : [state];
    },
  };
}
