import type { Answer } from '#core/operations/model.ts';
import type { DrainRun } from '#core/operations/nodeDrain/drainRun.ts';
import { evictPod, tryEviction, type PodId } from '#core/operations/nodeDrain/evictions.ts';
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
    const isOver = pod?.phase === 'Succeeded' || pod?.phase === 'Failed';
    return pod?.meta.uid === uid && !isOver ? pod : undefined;
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
      return !pod || isEnding(pod) ? { kind: 'yes', evidence: 'it goes already' } : allowed(run, idOf(context));
    },
    async act(context) {
      const pod = await present(context);
      return !pod || isEnding(pod) ? { kind: 'acted' } : evictPod(run.cluster, idOf(context));
    },
    async awaited(context) {
      const pod = await present(context);
      return pod ? ending(pod, run.clock.now()) : { kind: 'yes', evidence: 'the pod is gone' };
    },
    finish: async () => [],
  };
}

async function allowed({ cluster }: DrainRun, pod: PodId): Promise<Answer> {
  const refused = await tryEviction(cluster, pod);
  if (!refused) return { kind: 'yes', evidence: 'the server would let it be evicted' };
  if (refused.isForNow) {
    const waitingFor = `a disruption budget to let ${refused.pod} go: ${refused.reason}`;
    return { kind: 'wait', waitingFor, measure: [refused.reason], isNear: false };
  }
  const reason = `The eviction of ${refused.pod} is refused: ${refused.reason}.`;
  return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
}

const MINUTE_MS = 60_000;

/** While its grace lasts, time itself is what moves; the deletion's time is the end of the grace. */
function ending({ meta, graceSeconds }: LivePod, now: number): Answer {
  const left = Math.max(0, Math.ceil(((meta.deletedAt ?? now) - now) / MINUTE_MS));
  const waitingFor = `${meta.namespace}/${meta.name} to end, which may take its ${graceSeconds} s`;
  return { kind: 'wait', waitingFor, measure: [meta.deletedAt ?? 0, left], isNear: true };
}

const isEnding = ({ meta }: LivePod): boolean => meta.deletedAt !== undefined;

function idOf({ step: { parameters } }: StepContext): PodId {
  return {
    namespace: String(parameters['namespace'] ?? ''),
    name: String(parameters['pod'] ?? ''),
    uid: String(parameters['uid'] ?? ''),
  };
}
