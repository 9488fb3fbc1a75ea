import type { Cluster } from '#core/live/ports.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import { actReplicas, readScaledSet, type ScaledSet } from '#core/operations/scaledSet.ts';

/** Where the number of nodes is kept: a StatefulSet, or the resource of an operator that writes it there. */
export interface Sizes {
  /** `workload` is the StatefulSet of the step. @throws ClusterProblem */
  read(step: { readonly workload: string }): Promise<ScaledSet>;
  /** Counts only for the version that was read. */
  set(now: ScaledSet, to: number): Promise<ActOutcome>;
}

/** Of rings that no operator runs. */
export class SetSizes implements Sizes {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor({ cluster, namespace }: { readonly cluster: Cluster; readonly namespace: string }) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  read({ workload }: { readonly workload: string }): Promise<ScaledSet> {
    return readScaledSet(this.#cluster, this.#namespace, workload);
  }

  set(now: ScaledSet, to: number): Promise<ActOutcome> {
    return actReplicas(this.#cluster, now, to);
  }
}
