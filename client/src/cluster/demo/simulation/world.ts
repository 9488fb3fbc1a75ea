import type { Clock } from '#core/live/ports.ts';
import { sameValue } from './fieldTrees.ts';
import { kindNamed } from './kinds.ts';
import { ContainerLogs } from './logs.ts';
import {
  shapedAs,
  timeText,
  type Budget,
  type KubeNode,
  type KubeObject,
  type NewObject,
  type Pod,
  type PodSpec,
} from './objects.ts';
import { randomSuffix, type Random } from './random.ts';
import { ObjectStore } from './store.ts';
import { ObjectWrites } from './writes.ts';

const EVENTS_KEPT_MS = 3_600_000;

/** The simulated cluster as its controllers see it. */
export class World {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: ObjectStore;
  readonly writes: ObjectWrites;
  readonly logs = new ContainerLogs();

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
    this.store = new ObjectStore(clock, random);
    this.writes = new ObjectWrites(this.store);
  }

  now(): number {
    return this.clock.now();
  }

  pods(namespace?: string): readonly Pod[] {
    return shapedAs<readonly Pod[]>(this.store.list(kindNamed('Pod'), namespace));
  }

  pod(namespace: string, name: string): Pod | undefined {
    return shapedAs<Pod | undefined>(this.store.get(kindNamed('Pod'), namespace, name));
  }

  budgets(namespace?: string): readonly Budget[] {
    return shapedAs<readonly Budget[]>(this.store.list(kindNamed('PodDisruptionBudget'), namespace));
  }

  nodes(): readonly KubeNode[] {
    return shapedAs<readonly KubeNode[]>(this.store.list(kindNamed('Node')));
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.store.get(kindNamed(kind), namespace, name);
  }

  /** An object of a controller or of the scenario, which is what the server would have made of it. */
  add(object: NewObject): KubeObject {
    return this.store.add(kindNamed(object.kind), object);
  }

  addPod(template: Pick<NewObject, 'metadata'> & { readonly spec: PodSpec }): Pod {
    const status = { phase: 'Pending', conditions: [], containerStatuses: [], qosClass: 'Burstable' };
    return shapedAs<Pod>(this.add({ apiVersion: 'v1', kind: 'Pod', ...template, status }));
  }

  /** Writes the status when it says something new. */
  setStatus(object: KubeObject, status: Readonly<Record<string, unknown>>): KubeObject {
    if (sameValue(object['status'], status)) return object;
    return this.store.put(kindNamed(object.kind), { ...object, status });
  }

  remove(object: KubeObject): void {
    this.store.remove(kindNamed(object.kind), object);
  }

  /** Begins the end of a pod, with its own grace or another; the kubelet does the rest. */
  deletePod(pod: Pod, graceSeconds?: number): void {
    const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    const { deletionTimestamp, deletionGracePeriodSeconds = Number.MAX_SAFE_INTEGER } = pod.metadata;
    if (deletionTimestamp !== undefined && grace >= deletionGracePeriodSeconds) return;
    const isUnseen = pod.spec.nodeName === undefined;
    if (isUnseen || (grace === 0 && pod.status.phase !== 'Running')) {
      this.remove(pod);
      return;
    }
    this.store.put(kindNamed('Pod'), {
      ...pod,
      metadata: {
        ...pod.metadata,
        deletionTimestamp: timeText(this.now() + grace * 1000),
        deletionGracePeriodSeconds: grace,
      },
    });
  }

  /** Records what happened; the same again within ten minutes is counted. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, component: string): void {
    const now = timeText(this.now());
    const { namespace = 'default', name, uid } = about.metadata;
    const known = this.#sameEvent(uid, reason, message);
    if (known !== undefined) {
      const count = typeof known['count'] === 'number' ? known['count'] + 1 : 2;
      this.store.put(kindNamed('Event'), { ...known, count, lastTimestamp: now });
      return;
    }
    this.add({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace, name: `${name}.${randomSuffix(this.random, 16)}` },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, namespace, name, uid },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
    });
  }

  /** The server keeps events for an hour. */
  dropOldEvents(): void {
    for (const event of this.store.list(kindNamed('Event'))) {
      const last = event['lastTimestamp'];
      if (typeof last === 'string' && Date.parse(last) < this.now() - EVENTS_KEPT_MS) this.remove(event);
    }
  }

  #sameEvent(uid: string, reason: string, message: string): KubeObject | undefined {
    return this.store.list(kindNamed('Event')).find((event) => {
      const { involvedObject, reason: known, message: text } = shapedAs<EventObject>(event);
      return involvedObject.uid === uid && known === reason && text === message;
    });
  }
}

interface EventObject extends KubeObject {
  readonly involvedObject: { readonly uid: string };
  readonly reason: string;
  readonly message: string;
}
