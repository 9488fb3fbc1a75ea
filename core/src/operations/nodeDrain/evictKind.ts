import { evictionAllowed, hasEnded, isEnding, untilGone } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { DrainRun } from '#core/operations/nodeDrain/drainRun.ts';
import { evictPod, type PodId } from '#core/operations/nodeDrain/evictions.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/**
 * Evicts one pod that belongs to no data cluster and waits until it is gone. Its budget is asked by the server, first without effect, so
 * that one that never opens pauses the run instead of being tried for ever; its grace is its own.
 */
export function evictKind(run: DrainRun): StepKind {
  /** Undefined when the very pod is gone, or has ended: neither has to go. */
  const present = async (context: StepContext): Promise<LivePod | undefined> => {
    const { namespace, name, uid } = idOf(context);
    const pod = await run.pod(namespace, name);
    return pod?.meta.uid === uid && !hasEnded(pod) ? pod : undefined;
  };
  return {
    isDone: async (context) => (await present(context)) === undefined,
    async hasActed(context) {
      const pod = await present(context);
      return !pod || isEnding(pod);
    },
    prepare: async () => ({}),
    async gate(context) {
      const closed = await run.closed();
      if (closed) return closed;
      const pod = await present(context);
      return !pod || isEnding(pod)
        ? { kind: 'yes', evidence: 'it goes already' }
        : evictionAllowed(run.cluster, idOf(context));
    },
    async act(context) {
      const pod = await present(context);
      return !pod || isEnding(pod) ? { kind: 'acted' } : evictPod(run.cluster, idOf(context));
    },
    async awaited(context) {
      const pod = await present(context);
      return pod ? untilGone(pod, run.clock.now()) : { kind: 'yes', evidence: 'the pod is gone' };
    },
    finish: async () => [],
  };
}

function idOf({ step: { parameters } }: StepContext): PodId {
  return {
    namespace: String(parameters['namespace'] ?? ''),
    name: String(parameters['pod'] ?? ''),
    uid: String(parameters['uid'] ?? ''),
  };
}
