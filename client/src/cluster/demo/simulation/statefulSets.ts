import { kindNamed } from './kinds.ts';
import {
  controllerOf,
  isPodReady,
  ownerReference,
  shapedAs,
  type KubeObject,
  type Pod,
  type PodTemplate,
  type StatefulSet,
} from './objects.ts';
import { textHash } from './random.ts';
import type { World } from './world.ts';

/**
 * The StatefulSet controller: makes members in order or at once, replaces those of a former revision from the highest ordinal down,
 * and waits for each to be Ready, which is all it knows of a system.
 */
export class StatefulSetController {
  readonly #world: World;
  /** Templates by revision, which the real controller keeps as ControllerRevisions. */
  readonly #templates = new Map<string, PodTemplate>();
  readonly #revisions = new WeakMap<PodTemplate, string>();
  /** The revision all members had last, by uid of the set. */
  readonly #current = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  tick(now: number): void {
    for (const object of this.#world.store.list(kindNamed('StatefulSet')))
      this.#reconcile(shapedAs<StatefulSet>(object), now);
  }

  #reconcile(set: StatefulSet, now: number): void {
    const update = this.#revisionOf(set);
    const current = this.#current.get(set.metadata.uid) ?? update;
    this.#current.set(set.metadata.uid, current);
    const members = this.#membersOf(set);
    if (set.metadata.deletionTimestamp === undefined) {
      this.#keepMembers(set, members, current, update, now);
      this.#report(set, this.#membersOf(set), current, update, now);
    }
  }

  #keepMembers(
    set: StatefulSet,
    members: ReadonlyMap<number, Pod>,
    current: string,
    update: string,
    now: number,
  ): void {
    const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
    for (let ordinal = 0; ordinal < set.spec.replicas; ordinal++) {
      const pod = members.get(ordinal);
      if (pod === undefined) {
        this.#addMember(set, ordinal, this.#revisionForNew(set, ordinal, current, update));
        if (isOrdered) return;
        continue;
      }
      if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') {
        this.#world.deletePod(pod, 0);
        if (isOrdered) return;
      }
      if (isOrdered && !isAvailable(pod, set, now)) return;
    }
    const surplus = [...members.keys()].filter((ordinal) => ordinal >= set.spec.replicas).toSorted((a, b) => b - a);
    for (const ordinal of surplus) {
      const pod = members.get(ordinal);
      if (pod?.metadata.deletionTimestamp === undefined && pod !== undefined) this.#deleteMember(set, pod);
      if (isOrdered) return;
    }
    if (set.spec.updateStrategy.type !== 'OnDelete') this.#roll(set, members, update, now);
  }

  #roll(set: StatefulSet, members: ReadonlyMap<number, Pod>, update: string, now: number): void {
    const partition = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    for (let ordinal = set.spec.replicas - 1; ordinal >= partition; ordinal--) {
      const pod = members.get(ordinal);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
      if (revisionOfPod(pod) !== update) {
        this.#deleteMember(set, pod);
        return;
      }
      if (!isAvailable(pod, set, now)) return;
    }
  }

  #revisionForNew(set: StatefulSet, ordinal: number, current: string, update: string): string {
    const { type, rollingUpdate } = set.spec.updateStrategy;
    return type !== 'OnDelete' && ordinal < (rollingUpdate?.partition ?? 0) ? current : update;
  }

  #addMember(set: StatefulSet, ordinal: number, revision: string): void {
    const { namespace = '', name } = set.metadata;
    const template = this.#templates.get(revision) ?? set.spec.template;
    const podName = `${name}-${ordinal}`;
    const claimOf = ({ metadata }: { readonly metadata: { readonly name: string } }): KubeObject | undefined =>
      this.#world.get('PersistentVolumeClaim', namespace, `${metadata.name}-${podName}`);
    // A claim that is being deleted has to be gone first.
    if (set.spec.volumeClaimTemplates?.some((claim) => claimOf(claim)?.metadata.deletionTimestamp !== undefined))
      return;
    for (const claim of set.spec.volumeClaimTemplates ?? []) {
      const claimName = `${claim.metadata.name}-${podName}`;
      if (claimOf(claim) !== undefined) continue;
      this.#world.add({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { namespace, name: claimName, labels: set.spec.selector.matchLabels ?? {} },
        spec: claim.spec,
        status: { phase: 'Pending' },
      });
    }
    this.#world.addPod({
      metadata: {
        namespace,
        name: podName,
        labels: {
          ...template.metadata?.labels,
          'apps.kubernetes.io/pod-index': String(ordinal),
          'controller-revision-hash': revision,
          'statefulset.kubernetes.io/pod-name': podName,
        },
        ...(template.metadata?.annotations !== undefined && { annotations: template.metadata.annotations }),
        ownerReferences: [ownerReference(set)],
      },
      spec: {
        ...template.spec,
        hostname: podName,
        subdomain: set.spec.serviceName,
        volumes: [
          ...(set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
            name: metadata.name,
            persistentVolumeClaim: { claimName: `${metadata.name}-${podName}` },
          })),
          ...(template.spec.volumes ?? []),
        ],
      },
    });
    const text = `create Pod ${podName} in StatefulSet ${name} successful`;
    this.#world.event(set, 'Normal', 'SuccessfulCreate', text, 'statefulset-controller');
  }

  #deleteMember(set: StatefulSet, pod: Pod): void {
    this.#world.deletePod(pod);
    const text = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    this.#world.event(set, 'Normal', 'SuccessfulDelete', text, 'statefulset-controller');
  }

  #report(set: StatefulSet, members: ReadonlyMap<number, Pod>, current: string, update: string, now: number): void {
    const pods = [...members.values()];
    const updated = pods.filter((pod) => revisionOfPod(pod) === update);
    const isRolled = updated.length === set.spec.replicas && updated.every((pod) => isAvailable(pod, set, now));
    const settled = isRolled && set.spec.updateStrategy.type !== 'OnDelete' ? update : current;
    this.#current.set(set.metadata.uid, settled);
    this.#world.setStatus(this.#world.get('StatefulSet', set.metadata.namespace ?? '', set.metadata.name) ?? set, {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: pods.filter(isPodReady).length,
      availableReplicas: pods.filter((pod) => isAvailable(pod, set, now)).length,
      currentReplicas: pods.filter((pod) => revisionOfPod(pod) === settled).length,
      updatedReplicas: updated.length,
      currentRevision: settled,
      updateRevision: update,
      collisionCount: 0,
    });
  }

  #revisionOf(set: StatefulSet): string {
    const { template } = set.spec;
    const known = this.#revisions.get(template);
    if (known !== undefined) return known;
    const revision = `${set.metadata.name}-${textHash(JSON.stringify(template))}`;
    this.#templates.set(revision, template);
    this.#revisions.set(template, revision);
    return revision;
  }

  #membersOf(set: StatefulSet): ReadonlyMap<number, Pod> {
    const members = new Map<number, Pod>();
    for (const pod of this.#world.pods(set.metadata.namespace)) {
      if (controllerOf(pod)?.uid !== set.metadata.uid) continue;
      members.set(Number(pod.metadata.name.slice(set.metadata.name.length + 1)), pod);
    }
    return members;
  }
}

function revisionOfPod({ metadata }: Pod): string {
  return metadata.labels?.['controller-revision-hash'] ?? '';
}

function isAvailable(pod: Pod, set: StatefulSet, now: number): boolean {
  if (!isPodReady(pod) || pod.metadata.deletionTimestamp !== undefined) return false;
  const ready = pod.status.conditions.find(({ type }) => type === 'Ready');
  const wait = (set.spec.minReadySeconds ?? 0) * 1000;
  return wait === 0 || now - Date.parse(ready?.lastTransitionTime ?? '') >= wait;
}
