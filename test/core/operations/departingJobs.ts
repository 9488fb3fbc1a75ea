import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { DataCluster, LiveSystem } from '#core/live/model.ts';
import type { ApiResource, JsonObject } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { sparkOperations } from '#core/systems/spark/operations/index.ts';
import { tfjobOperations } from '#core/systems/tfjob/operations/index.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';
import { NodeCluster, nodePod, planDrain, type PodTraits } from './nodeObjects.ts';

const systems: SystemTable = { spark: sparkOperations, tfjob: tfjobOperations };

const customKinds: readonly ApiResource[] = [
  apiResource('sparkoperator.k8s.io', 'v1beta2', 'SparkApplication'),
  apiResource('sparkoperator.k8s.io', 'v1alpha1', 'SparkConnect'),
  apiResource('spark.apache.org', 'v1', 'SparkApplication'),
  apiResource('spark.apache.org', 'v1', 'SparkCluster'),
  apiResource('kubeflow.org', 'v1', 'TFJob'),
  apiResource('trainer.kubeflow.org', 'v1alpha1', 'TrainJob'),
  apiResource('jobset.x-k8s.io', 'v1alpha2', 'JobSet'),
];

/** Nodes, pods and resources of jobs in `prod`, put together as the tree does it. */
export class JobCluster extends NodeCluster {
  readonly #system: LiveSystem;

  constructor(system: LiveSystem) {
    super();
    this.#system = system;
    this.serve(...customKinds);
  }

  data(): readonly DataCluster[] {
    const all = (kind: ApiResource): readonly JsonObject[] => this.objectsOf(kind);
    return this.#system.gather(
      namespaceOf({
        namespace: 'prod',
        pods: all(apiResource('', 'v1', 'Pod')).flatMap((one) => decodePod(one) ?? []),
        workloads: all(apiResource('apps', 'v1', 'StatefulSet')).flatMap((one) => decodeStatefulSet(one) ?? []),
        customs: customKinds.flatMap((kind) => all(kind).flatMap((one) => decodeCustom(kind)(one) ?? [])),
      }),
    );
  }

  plan(wish: Partial<NodeDrainWish> = {}): Promise<Plan> {
    return planDrain(this, this.data(), wish, systems);
  }
}

export const resource = (apiVersion: string, kind: string, name: string, rest: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'prod', uid: `uid-${name}` },
  ...rest,
});

/** The driver of the application `etl`. */
export function driver(labels: Readonly<Record<string, string>> = {}, spec: JsonObject = {}): JsonObject {
  const own = { 'spark-role': 'driver', 'spark-app-selector': 'spark-1', ...labels };
  return inProd('etl-driver', { labels: own, owner: 'SparkApplication', spec });
}

export function executor(
  number: number,
  labels: Readonly<Record<string, string>> = {},
  spec: JsonObject = {},
): JsonObject {
  const own = { 'spark-role': 'executor', 'spark-app-selector': 'spark-1', 'spark-exec-id': `${number}`, ...labels };
  return inProd(`etl-exec-${number}`, { labels: own, owner: 'Pod', spec });
}

export const inProd = (name: string, traits: PodTraits): JsonObject => {
  const pod = nodePod(name, { namespace: 'prod', ...traits });
  const metadata = pod['metadata'];
  return { ...pod, metadata: { ...(typeof metadata === 'object' ? metadata : {}), uid: `uid-${name}` } };
};
