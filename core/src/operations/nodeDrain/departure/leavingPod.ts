import { textOf } from '#core/json.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import { evictPod, tryEviction, type PodId } from '#core/operations/nodeDrain/evictions.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';

/** The very pod that a step is about, by its uid: one that has ended, or another of its name, is no longer it. */
export class LeavingPod {
  readonly id: PodId;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, { step: { parameters } }: Pick<StepContext, 'step'>) {
    this.#cluster = cluster;
    this.id = {
      namespace: textOf(parameters['namespace']),
      name: textOf(parameters['pod']),
      uid: textOf(parameters['uid']),
    };
  }

  /** Undefined when it is gone or has ended. @throws ClusterProblem */
  async present(): Promise<LivePod | undefined> {
    const pod = await readPod(this.#cluster, this.id.namespace, this.id.name);
    return pod?.meta.uid === this.id.uid && !hasEnded(pod) ? pod : undefined;
  }

  async hasActed(): Promise<boolean> {
    const pod = await this.present();
    return !pod || isEnding(pod);
  }

  /** Whether it may be evicted now, disruption budgets included. */
  async gate(): Promise<Answer> {
    if (await this.hasActed()) return { kind: 'yes', evidence: 'it goes already' };
    return evictionAllowed(this.#cluster, this.id);
  }

  async evict(): Promise<ActOutcome> {
    return (await this.hasActed()) ? { kind: 'acted' } : evictPod(this.#cluster, this.id);
  }
}

/** Undefined while there is none of that name. @throws ClusterProblem */
export async function readPod(cluster: Cluster, namespace: string, name: string): Promise<LivePod | undefined> {
  try {
    return decodePod(await cluster.get({ ...podKind, namespace, name }));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

export const isEnding = ({ meta }: LivePod): boolean => meta.deletedAt !== undefined;

export const hasEnded = ({ phase }: LivePod): boolean => phase === 'Succeeded' || phase === 'Failed';

export async function evictionAllowed(cluster: Cluster, pod: PodId): Promise<Answer> {
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
export function untilGone({ meta, graceSeconds }: LivePod, now: number): Answer {
  const left = Math.max(0, Math.ceil(((meta.deletedAt ?? now) - now) / MINUTE_MS));
  const waitingFor = `${meta.namespace}/${meta.name} to end, which may take its ${graceSeconds} s`;
  return { kind: 'wait', waitingFor, measure: [meta.deletedAt ?? 0, left], isNear: true };
}
