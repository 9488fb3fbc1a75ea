import { ClusterProblem } from '#core/live/ports.ts';
import type { DrainRun } from '#core/operations/nodeDrain/drainRun.ts';
import { setCordoned } from '#core/operations/nodeDrain/node.ts';
import { WAS_OPEN } from '#core/operations/nodeDrain/steps.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/** Lets the node take pods again once those that were to go have gone; one that took none before stays so. */
export function openKind(run: DrainRun): StepKind {
  const isAsBefore = async ({ memories }: StepContext): Promise<boolean> =>
    memories?.['cordon']?.[WAS_OPEN] !== true || (await run.node()).live.isSchedulable;
  return {
    isDone: isAsBefore,
    hasActed: isAsBefore,
    prepare: async () => ({}),
    gate: async () => ({ kind: 'yes', evidence: 'the pods that were to go have gone' }),
    async act(context) {
      if (await isAsBefore(context)) return { kind: 'acted' };
      try {
        await setCordoned(run.cluster, await run.node(), false);
        return { kind: 'acted' };
      } catch (error) {
        if (!(error instanceof ClusterProblem) || error.kind !== 'conflict') throw error;
        return { kind: 'again', waitingFor: 'the node to be written by nobody else' };
      }
    },
    async awaited(context) {
      if (await isAsBefore(context)) return { kind: 'yes', evidence: 'the node is as it was before' };
      return { kind: 'wait', waitingFor: 'the node to take pods again', measure: [], isNear: true };
    },
    finish: async ({ memories }) => [
      memories?.['cordon']?.[WAS_OPEN] === true
        ? `${run.nodeName} takes pods again, as before`
        : `${run.nodeName} stays cordoned, as before`,
    ],
  };
}
