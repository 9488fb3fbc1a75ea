import type { RingSimulation } from '../cassandra/ring.ts';
import { kindNamed } from '../kinds.ts';
import {
  isPodReady,
  ownerReference,
  recordOf,
  textOr,
  timeText,
  type Condition,
  type KubeObject,
  type Pod,
} from '../objects.ts';
import type { World } from '../world.ts';
import { rackSet } from './cassandraRack.ts';

const RECONCILE_EVERY_MS = 3000;

/** cass-operator: a StatefulSet for each rack of a datacenter, and what it reports of them. */
export class CassOperator {
  #nextAt = 0;
  readonly #world: World;
  readonly #ringOf: (namespace: string, cluster: string) => RingSimulation | undefined;

  constructor(world: World, ringOf: (namespace: string, cluster: string) => RingSimulation | undefined) {
    this.#world = world;
    this.#ringOf = ringOf;
  }

  tick(now: number): void {
    if (now < this.#nextAt) return;
    this.#nextAt = now + RECONCILE_EVERY_MS;
    for (const datacenter of this.#world.store.list(kindNamed('CassandraDatacenter'))) {
      const racks = racksOf(datacenter);
      racks.forEach((rack, index) => this.#keepRack(datacenter, rack, sizeOfRack(datacenter, index, racks.length)));
      this.#report(datacenter, now);
    }
  }

  #keepRack(datacenter: KubeObject, rack: string, size: number): void {
    const wanted = rackSet(datacenter, rack, size);
    const set = this.#world.get('StatefulSet', datacenter.metadata.namespace ?? '', wanted.metadata.name);
    if (set === undefined) {
      this.#world.add({ ...wanted, metadata: { ...wanted.metadata, ownerReferences: [ownerReference(datacenter)] } });
      return;
    }
    // Rolling restarts annotate the template; that is not undone.
    const template = recordOf(recordOf(set['spec'])['template']);
    const metadata = { ...recordOf(template['metadata']), labels: wanted.spec.template.metadata?.labels ?? {} };
    const spec = { ...recordOf(set['spec']), replicas: size, template: { metadata, spec: wanted.spec.template.spec } };
    if (JSON.stringify(spec) === JSON.stringify(set['spec'])) return;
    const generation = (set.metadata.generation ?? 1) + 1;
    this.#world.store.put(kindNamed('StatefulSet'), { ...set, metadata: { ...set.metadata, generation }, spec });
  }

  /** The template of a rack was changed and not every pod has it; a pod that is away for another reason is no update. */
  #isRolling({ metadata: { namespace = '', name } }: KubeObject): boolean {
    const sets = this.#world.store.list(kindNamed('StatefulSet'), namespace);
    return sets.some((set) => {
      const { currentRevision, updateRevision } = recordOf(set['status']);
      return set.metadata.labels?.[RACK_OWNER] === name && currentRevision !== updateRevision;
    });
  }

  #report(datacenter: KubeObject, now: number): void {
    const { namespace = '', name } = datacenter.metadata;
    const pods = this.#world
      .pods(namespace)
      .filter(({ metadata }) => metadata.labels?.['cassandra.datastax.com/datacenter'] === name);
    const size = Number(recordOf(datacenter['spec'])['size'] ?? 0);
    const isReady = pods.length === size && pods.every(isPodReady);
    const ring = this.#ringOf(namespace, textOr(recordOf(datacenter['spec'])['clusterName'], name));
    const known = recordOf(datacenter['status'])['conditions'];
    const conditions = Array.isArray(known) ? (known as readonly Condition[]) : [];
    const wasReady = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True');
    const set = (type: string, isTrue: boolean): Condition => {
      const status = isTrue ? 'True' : 'False';
      const same = conditions.find((condition) => condition.type === type && condition.status === status);
      return same ?? { type, status, reason: '', message: '', lastTransitionTime: timeText(now) };
    };
    this.#world.setStatus(datacenter, {
      observedGeneration: datacenter.metadata.generation ?? 1,
      cassandraOperatorProgress: isReady ? 'Ready' : 'Updating',
      conditions: [
        set('Healthy', isReady),
        set('Initialized', wasReady || isReady),
        set('Ready', isReady),
        set('ReplacingNodes', false),
        set('RollingRestart', false),
        set('ScalingDown', pods.length > size),
        set('ScalingUp', wasReady && pods.length < size),
        set('Stopped', false),
        set('Updating', this.#isRolling(datacenter)),
        set('Valid', true),
      ],
      nodeStatuses: Object.fromEntries(pods.map((pod) => [pod.metadata.name, nodeStatus(pod, ring)])),
    });
  }
}

const RACK_OWNER = 'cassandra.datastax.com/datacenter';

function nodeStatus({ metadata, status }: Pod, ring: RingSimulation | undefined): Readonly<Record<string, unknown>> {
  const hostId = ring?.nodeOf(`${metadata.namespace ?? ''}/${metadata.name}`)?.hostId;
  return { ...(hostId !== undefined && { hostID: hostId }), ...(status.podIP !== undefined && { ip: status.podIP }) };
}

function racksOf(datacenter: KubeObject): readonly string[] {
  const { racks } = recordOf(datacenter['spec']);
  const names = Array.isArray(racks) ? racks.map((rack: unknown) => String(recordOf(rack)['name'])) : [];
  return names.length === 0 ? ['default'] : names;
}

/** Racks differ by one member at most, the first ones have more. */
function sizeOfRack(datacenter: KubeObject, index: number, racks: number): number {
  const size = Number(recordOf(datacenter['spec'])['size'] ?? 0);
  return Math.floor(size / racks) + (index < size % racks ? 1 : 0);
}
