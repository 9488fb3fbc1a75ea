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
import { forgetNodes, nextSize, replicasOf, type RackNow } from './cassandraRacks.ts';
import { CassandraTasks } from './cassandraTasks.ts';

const RECONCILE_EVERY_MS = 3000;

const NAME = 'cass-operator';
const NO_CLEANUP = 'cassandra.datastax.com/no-cleanup';

/** cass-operator: a StatefulSet for each rack of a datacenter, its tasks, and what it reports of them. */
export class CassOperator {
  #nextAt = 0;
  readonly #tasks: CassandraTasks;
  readonly #world: World;
  readonly #ringOf: (namespace: string, cluster: string) => RingSimulation | undefined;

  constructor(world: World, ringOf: (namespace: string, cluster: string) => RingSimulation | undefined) {
    this.#world = world;
    this.#ringOf = ringOf;
    this.#tasks = new CassandraTasks(world);
  }

  tick(now: number): void {
    if (now < this.#nextAt) return;
    this.#nextAt = now + RECONCILE_EVERY_MS;
    if (this.#isDown()) return;
    for (const datacenter of this.#world.store.list(kindNamed('CassandraDatacenter'))) {
      const ring = this.#ringFor(datacenter);
      const racks = racksOf(datacenter);
      const found = racks.flatMap((rack, index): readonly RackNow[] => {
        const wanted = sizeOfRack(datacenter, index, racks.length);
        const set = this.#setOf(datacenter, rack, wanted);
        return set ? [{ set, replicas: replicasOf(set), wanted }] : [];
      });
      const next = nextSize(this.#world, found, ring, now);
      racks.forEach((rack, index) => {
        const known = found.find(({ set }) => set.metadata.labels?.['cassandra.datastax.com/rack'] === rack);
        const size = sizeOfRack(datacenter, index, racks.length);
        this.#keepRack(datacenter, rack, next && next.set === known?.set ? next.replicas : (known?.replicas ?? size));
      });
      if (ring) forgetNodes(this.#world, ring, now);
      this.#tasks.tick(datacenter, this.#podsOf(datacenter), ring, now);
      this.#report(datacenter, now);
    }
  }

  /** It does nothing while its Deployment is there and has no pod that is ready. */
  #isDown(): boolean {
    const deployments = this.#world.store.list(kindNamed('Deployment'), NAME);
    const own = deployments.filter(({ metadata }) => metadata.name.startsWith(NAME));
    return own.length > 0 && own.every((one) => Number(recordOf(one['status'])['readyReplicas'] ?? 0) === 0);
  }

  #ringFor(datacenter: KubeObject): RingSimulation | undefined {
    const { namespace = '', name } = datacenter.metadata;
    return this.#ringOf(namespace, textOr(recordOf(datacenter['spec'])['clusterName'], name));
  }

  #podsOf({ metadata: { namespace = '', name } }: KubeObject): readonly Pod[] {
    return this.#world
      .pods(namespace)
      .filter(({ metadata }) => metadata.labels?.['cassandra.datastax.com/datacenter'] === name);
  }

  #setOf(datacenter: KubeObject, rack: string, size: number): KubeObject | undefined {
    const { metadata } = rackSet(datacenter, rack, size);
    return this.#world.get('StatefulSet', datacenter.metadata.namespace ?? '', metadata.name);
  }

  #keepRack(datacenter: KubeObject, rack: string, size: number): void {
    const wanted = rackSet(datacenter, rack, size);
    const set = this.#setOf(datacenter, rack, size);
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
    const pods = this.#podsOf(datacenter);
    const size = Number(recordOf(datacenter['spec'])['size'] ?? 0);
    const isReady = pods.length === size && pods.every(isPodReady);
    const ring = this.#ringFor(datacenter);
    const known = recordOf(datacenter['status'])['conditions'];
    const conditions = Array.isArray(known) ? (known as readonly Condition[]) : [];
    const wasReady = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True');
    const wasScalingUp = conditions.some(({ type, status }) => type === 'ScalingUp' && status === 'True');
    // A pod that is away for a moment is no node that is missing.
    const nodes = ring?.nodes.filter((node) => !ring.hasLeft(node, now)).length ?? pods.length;
    const isScalingUp = (wasReady && nodes < size) || (wasScalingUp && !isReady);
    if (wasScalingUp && !isScalingUp) this.#cleanUp(datacenter, now);
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
        set('ScalingUp', isScalingUp),
        set('Stopped', false),
        set('Updating', this.#isRolling(datacenter)),
        set('Valid', true),
      ],
      nodeStatuses: Object.fromEntries(pods.map((pod) => [pod.metadata.name, nodeStatus(pod, ring)])),
    });
  }

  /** After nodes were added. */
  #cleanUp({ metadata }: KubeObject, now: number): void {
    if (metadata.annotations?.[NO_CLEANUP] !== undefined) return;
    const { namespace = '', name } = metadata;
    this.#world.add({
      apiVersion: 'control.k8ssandra.io/v1alpha1',
      kind: 'CassandraTask',
      metadata: { namespace, name: `cleanup-${Math.floor(now / 1000)}`, labels: {} },
      spec: {
        datacenter: { namespace, name },
        concurrencyPolicy: 'Forbid',
        jobs: [{ name: 'cleanup', command: 'cleanup' }],
      },
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
