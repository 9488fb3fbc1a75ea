import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan } from '#core/operations/model.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { readNode, whyOpen, type DrainedNode } from '#core/operations/nodeDrain/node.ts';
import type { Procedure } from '#core/operations/procedure.ts';

/** A data cluster whose members leave the node, with what moves them. */
export interface Part {
  readonly plan: Plan;
  readonly procedure: Procedure;
}

/** What every step of a drain asks. */
export class DrainRun {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** By the key of the data cluster. */
  readonly parts: ReadonlyMap<string, Part>;

  constructor(plan: Plan, { cluster, clock, parts }: Pick<DrainRun, 'cluster' | 'clock' | 'parts'>) {
    this.plan = plan;
    this.cluster = cluster;
    this.clock = clock;
    this.parts = parts;
  }

  get nodeName(): string {
    return this.plan.target.name;
  }

  /** @throws ClusterProblem when it is not there */
  node(): Promise<DrainedNode> {
    return readNode(this.cluster, this.nodeName);
  }

  /** Undefined while there is none of that name. @throws ClusterProblem */
  async pod(namespace: string, name: string): Promise<LivePod | undefined> {
    try {
      return decodePod(await this.cluster.get({ ...podKind, namespace, name }));
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
      throw error;
    }
  }

  /** Why this is no longer what the plan was made for. */
  async strangeness(): Promise<string | undefined> {
    const { clusterIdentity, context, anchor, name } = this.plan.target;
    if ((await this.cluster.identity()) !== clusterIdentity)
      return `Another Kubernetes cluster answers as the context ${context} than when the plan was made.`;
    try {
      const { uid } = (await this.node()).live.meta;
      return uid === anchor.uid ? undefined : `The node ${name} is another one than when the plan was made.`;
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return `The node ${name} is gone.`;
      throw error;
    }
  }

  /** Nothing leaves a node that takes pods: it might come back. */
  async closed(): Promise<Answer | undefined> {
    const reason = whyOpen(await this.node());
    if (reason === undefined) return undefined;
    return { kind: 'stop', reason, fix: 'Agree with whoever did it, and run the drain again.' };
  }
}
