import { kindNamed } from './kinds.ts';
import {
  controllerOf,
  isPodReady,
  ownerReference,
  shapedAs,
  timeText,
  type Deployment,
  type KubeObject,
  type Pod,
  type PodTemplate,
} from './objects.ts';
import { randomSuffix, textHash } from './random.ts';
import type { World } from './world.ts';

const COLLECT_EVERY_MS = 2000;

/** The Deployment controller with one ReplicaSet for each template; the pods of a former one go when the new ones are ready. */
export class DeploymentController {
  readonly #world: World;
  readonly #hashes = new WeakMap<PodTemplate, string>();
  #collectedAt = 0;

  constructor(world: World) {
    this.#world = world;
  }

  tick(now: number): void {
    for (const object of this.#world.store.list(kindNamed('Deployment')))
      this.#reconcile(shapedAs<Deployment>(object), now);
    if (now - this.#collectedAt < COLLECT_EVERY_MS) return;
    this.#collectedAt = now;
    this.#collectOrphans();
  }

  #reconcile(deployment: Deployment, now: number): void {
    const current = this.#replicaSetOf(deployment);
    const pods = this.#world.pods(deployment.metadata.namespace);
    const own = pods.filter((pod) => controllerOf(pod)?.uid === current.metadata.uid);
    const living = own.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (let count = living.length; count < deployment.spec.replicas; count++) this.#addPod(deployment, current);
    for (const pod of living.slice(deployment.spec.replicas)) this.#world.deletePod(pod);
    const ready = living.filter(isPodReady).length;
    if (ready >= deployment.spec.replicas) this.#dropFormer(deployment, current, pods);
    this.#report(deployment, living, ready, now);
  }

  #replicaSetOf(deployment: Deployment): KubeObject {
    const { namespace = '', name } = deployment.metadata;
    const hash = this.#hashOf(deployment.spec.template);
    const known = this.#world.get('ReplicaSet', namespace, `${name}-${hash}`);
    if (known !== undefined) return known;
    const labels = { ...deployment.spec.template.metadata?.labels, 'pod-template-hash': hash };
    return this.#world.add({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace, name: `${name}-${hash}`, labels, ownerReferences: [ownerReference(deployment)] },
      spec: {
        replicas: deployment.spec.replicas,
        selector: { matchLabels: labels },
        template: { ...deployment.spec.template, metadata: { ...deployment.spec.template.metadata, labels } },
      },
    });
  }

  #hashOf(template: PodTemplate): string {
    let hash = this.#hashes.get(template);
    if (hash === undefined) {
      hash = textHash(JSON.stringify(template));
      this.#hashes.set(template, hash);
    }
    return hash;
  }

  #addPod(deployment: Deployment, owner: KubeObject): void {
    const { template } = deployment.spec;
    this.#world.addPod({
      metadata: {
        namespace: deployment.metadata.namespace ?? '',
        name: `${owner.metadata.name}-${randomSuffix(this.#world.random, 5)}`,
        labels: owner.metadata.labels ?? {},
        ...(template.metadata?.annotations !== undefined && { annotations: template.metadata.annotations }),
        ownerReferences: [ownerReference(owner)],
      },
      spec: template.spec,
    });
  }

  #dropFormer(deployment: Deployment, current: KubeObject, pods: readonly Pod[]): void {
    const former = this.#world.store
      .list(kindNamed('ReplicaSet'), deployment.metadata.namespace)
      .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid && set !== current);
    for (const pod of pods) {
      const isFormer = former.some(({ metadata }) => metadata.uid === controllerOf(pod)?.uid);
      if (isFormer && pod.metadata.deletionTimestamp === undefined) this.#world.deletePod(pod);
    }
  }

  #report(deployment: Deployment, pods: readonly Pod[], ready: number, now: number): void {
    const isAvailable = ready >= deployment.spec.replicas;
    const status = isAvailable ? 'True' : 'False';
    const before = shapedAs<DeploymentStatus | undefined>(deployment['status'])?.conditions?.[0];
    this.#world.setStatus(deployment, {
      observedGeneration: deployment.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      updatedReplicas: pods.length,
      unavailableReplicas: Math.max(0, deployment.spec.replicas - ready),
      conditions: [
        {
          type: 'Available',
          status,
          reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
          lastTransitionTime: before?.status === status ? before.lastTransitionTime : timeText(now),
          lastUpdateTime: before?.status === status ? before.lastTransitionTime : timeText(now),
        },
      ],
    });
  }

  /** The garbage collector: what has lost its controller goes. Claims stay, as after a StatefulSet. */
  #collectOrphans(): void {
    const kinds = ['ReplicaSet', 'StatefulSet', 'StrimziPodSet', 'Pod', 'Service', 'ConfigMap', 'KafkaNodePool'];
    for (const kind of kinds) {
      for (const object of this.#world.store.list(kindNamed(kind))) {
        const owner = controllerOf(object);
        if (owner === undefined || this.#exists(owner.kind, object.metadata.namespace ?? '', owner.name, owner.uid))
          continue;
        if (kind === 'Pod') this.#world.deletePod(shapedAs<Pod>(object));
        else this.#world.remove(object);
      }
    }
  }

  #exists(kind: string, namespace: string, name: string, uid: string): boolean {
    return this.#world.get(kind, namespace, name)?.metadata.uid === uid;
  }
}

interface DeploymentStatus {
  readonly conditions?: readonly { readonly status: string; readonly lastTransitionTime: string }[];
}
