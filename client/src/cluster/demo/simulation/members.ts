import type { RingSimulation } from './cassandra/ring.ts';
import { RingSimulation as Ring } from './cassandra/ring.ts';
import { memoryDeathMs } from './jobs/memory.ts';
import type { KafkaNodePlan } from './kafka/model.ts';
import { settingsOfVariables } from './kafka/settings.ts';
import { KafkaSimulation } from './kafka/simulation.ts';
import type { Container, Pod } from './objects.ts';
import type { Program } from './programs.ts';
import type { World } from './world.ts';

/** Which simulated system a pod belongs to: by the labels its kind of cluster has. */
export class Members {
  readonly kafka = new Map<string, KafkaSimulation>();
  readonly rings = new Map<string, RingSimulation>();
  /** Bytes a container needs, by `namespace/pod`; with less the kernel ends it. */
  readonly memoryNeeds = new Map<string, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  kafkaOf(pod: Pod): { readonly kafka: KafkaSimulation; readonly id: number } | undefined {
    const kafka = this.kafka.get(clusterKey(pod));
    const [main] = pod.spec.containers.filter((container) => isMain(container, 'kafka'));
    return kafka && { kafka, id: main ? nodeIdOf(pod, main) : ordinalOf(pod) };
  }

  /** Programs of brokers and controllers. A cluster nobody planned, from a manifest that was applied, begins empty. */
  startKafka(pod: Pod, container: Container, now: number): Program | undefined {
    if (!isMain(container, 'kafka')) return undefined;
    const key = clusterKey(pod);
    let kafka = this.kafka.get(key);
    if (kafka === undefined) {
      kafka = new KafkaSimulation(
        { clusterId: `demo-${key}`, version: '4.1.0', nodes: [], topics: [] },
        this.#world.random,
      );
      this.kafka.set(key, kafka);
    }
    const plan = nodePlan(pod, container);
    kafka.ensureNode(plan);
    kafka.readVariables(plan.id, settingsOfVariables(container.env ?? []));
    const need = this.memoryNeeds.get(plan.pod) ?? 0;
    this.#log(pod, container, `[KafkaRaftServer nodeId=${plan.id}] Kafka Server started`, now);
    return kafka.start(plan.id, now, memoryDeathMs(container, need, 42_000 + this.#world.random.below(9000)));
  }

  startCassandra(pod: Pod, container: Container, now: number): Program | undefined {
    if (!isMain(container, 'cassandra')) return undefined;
    const key = clusterKey(pod);
    const { namespace = '', name, labels } = pod.metadata;
    const datacenter = labels?.['cassandra.datastax.com/datacenter'] ?? 'dc1';
    let ring = this.rings.get(key);
    if (ring === undefined) {
      const plan = { clusterName: key, datacenter, version: '5.0.5', nodes: [], keyspaces: [], loadBytes: 200_000 };
      ring = new Ring(plan, this.#world.random);
      this.rings.set(key, ring);
    }
    const place = `${namespace}/${name}`;
    const rack = labels?.['cassandra.datastax.com/rack'] ?? 'rack1';
    const node = ring.nodeOn({ pod: place, rack }, this.#volumeOf(pod));
    this.#log(pod, container, 'INFO  [main] CassandraDaemon.java - Startup complete', now);
    return ring.start(node, container, pod.status.podIP ?? '', now);
  }

  /** By the claim of its data, which is another one once it was deleted. */
  #volumeOf({ metadata, spec }: Pod): string {
    const [claim = ''] = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: used }) => used?.claimName ?? []);
    return this.#world.get('PersistentVolumeClaim', metadata.namespace ?? '', claim)?.metadata.uid ?? '';
  }

  tick(now: number): void {
    for (const kafka of this.kafka.values()) kafka.tick(now);
    for (const ring of this.rings.values()) ring.tick(now);
  }

  #log(pod: Pod, container: Container, text: string, at: number): void {
    this.#world.logs.write(pod.metadata.uid, container.name, { at, text });
  }
}

export function clusterKey({ metadata: { namespace = '', labels = {} } }: Pod): string {
  const name =
    labels['strimzi.io/cluster'] ??
    labels['cassandra.datastax.com/cluster'] ??
    labels['app.kubernetes.io/instance'] ??
    labels['app'] ??
    '';
  return `${namespace}/${name}`;
}

function ordinalOf({ metadata }: Pod): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0);
}

function isMain(container: Container, system: 'kafka' | 'cassandra'): boolean {
  return container.name === system && new RegExp(system === 'kafka' ? 'kafka' : 'cass').test(container.image);
}

/** A controller has the number that the list of voters gives it; everybody else that of its pod. */
function nodeIdOf(pod: Pod, { env }: Container): number {
  const voters = env?.find(({ name }) => name === 'KAFKA_CONTROLLER_QUORUM_VOTERS')?.value ?? '';
  const own = voters.split(',').find((voter) => voter.split('@')[1]?.split('.')[0] === pod.metadata.name);
  return own === undefined ? ordinalOf(pod) : Number(own.split('@')[0]);
}

function nodePlan(pod: Pod, container: Container): KafkaNodePlan {
  const { namespace = '', name, labels = {} } = pod.metadata;
  const roles = container.env?.find((variable) => variable.name === 'KAFKA_PROCESS_ROLES')?.value;
  const has = (role: string): boolean =>
    labels[`strimzi.io/${role}-role`] === undefined
      ? roles === undefined || roles.includes(role)
      : labels[`strimzi.io/${role}-role`] === 'true';
  return {
    id: nodeIdOf(pod, container),
    isBroker: has('broker'),
    isController: has('controller'),
    rack: '',
    pod: `${namespace}/${name}`,
  };
}
