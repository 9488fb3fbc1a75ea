import type { DataCluster } from '#core/live/model.ts';
import { decodeBudget, decodeService } from '#core/live/decode/others.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { JsonObject, KafkaAccess, KafkaConnection, ObjectAddress, WriteOptions } from '#core/live/ports.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { demoKafka } from '#client/cluster/demo/demoKafka.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { evict } from '#client/cluster/demo/simulation/budgets.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import type { KafkaPace, KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { KafkaSimulation } from '#client/cluster/demo/simulation/kafka/simulation.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { addServices, claim } from '#client/cluster/demo/simulation/scenario/parts.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import type { FakeClock } from '#test/support/fakeClock.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';

const namespace = 'shop';
const name = 'orders';

/** A StatefulSet of simulated brokers under time that a test steps. */
export class SimulatedKafka {
  readonly simulation: Simulation;
  readonly kafka: KafkaSimulation;
  readonly size: number;
  /** Pods in the order of their evictions. */
  readonly evicted: string[] = [];
  readonly #clock: FakeClock;

  constructor(
    clock: FakeClock,
    size: number,
    topics: readonly KafkaTopicPlan[],
    pace: Partial<KafkaPace>,
    seed: number,
  ) {
    this.#clock = clock;
    this.size = size;
    this.simulation = new Simulation({ clock, seed });
    const { world, members } = this.simulation;
    const ids = Array.from({ length: size }, (_, id) => id);
    const nodes = ids.map((id) => ({
      id,
      isBroker: true,
      isController: true,
      rack: '',
      pod: `${namespace}/${name}-${id}`,
    }));
    this.kafka = new KafkaSimulation({ clusterId: 'simulated', version: '4.1.0', nodes, topics, pace }, world.random);
    members.kafka.set(`${namespace}/${name}`, this.kafka);
    addBase(world);
    const labels = { app: name };
    addServices(world, namespace, name, labels, [{ name: 'client', port: 9092 }]);
    const options = { kind: kindNamed('StatefulSet'), namespace, manager: 'test', isDryRun: false };
    world.writes.create(options, statefulSet(size, labels));
  }

  /** Lets time pass until everything is ready and in sync; from there on it is measured. */
  async settle(): Promise<void> {
    this.simulation.start();
    for (let seconds = 0; !this.isWhole(); seconds += 1) {
      if (seconds > 300) throw new Error('The simulated cluster does not come up.');
      await this.#clock.pass(1000);
    }
    this.kafka.resetMeasures();
  }

  isWhole(): boolean {
    const { partitions, aliveBrokers, quorumLeader } = this.kafka;
    const isSynced = partitions.every(({ isr, replicas, leader }) => isr.length === replicas.length && leader >= 0);
    return aliveBrokers.length === this.size && quorumLeader >= 0 && isSynced && this.data().members.every(isReady);
  }

  /** No Kubernetes node takes a pod any more. */
  cordonAll(): void {
    const { world } = this.simulation;
    for (const node of world.nodes()) {
      world.store.put(kindNamed('Node'), { ...node, spec: { ...node.spec, unschedulable: true } });
    }
  }

  uids(): readonly string[] {
    return this.data().members.map(({ pod }) => pod?.meta.uid ?? '');
  }

  data(): DataCluster {
    const { world } = this.simulation;
    const list = (kind: string): readonly JsonObject[] => world.store.list(kindNamed(kind), namespace);
    const [found] = kafkaLive.gather(
      namespaceOf({
        namespace,
        pods: list('Pod').flatMap((one) => decodePod(one) ?? []),
        workloads: list('StatefulSet').flatMap((one) => decodeStatefulSet(one) ?? []),
        services: list('Service').flatMap((one) => decodeService(one) ?? []),
        budgets: list('PodDisruptionBudget').flatMap((one) => decodeBudget(one) ?? []),
      }),
    );
    if (!found) throw new Error('The simulated cluster is not recognised.');
    return found;
  }
}

const isReady = ({ pod }: DataCluster['members'][number]): boolean =>
  pod?.isReady === true && pod.meta.deletedAt === undefined;

/** What a runner that dies does: nothing more, and no answer reaches it. */
export interface Fate {
  isDead: boolean;
  /** Dies at its n-th call; before it reaches the cluster or after. */
  diesAt: number;
  arrives: boolean;
  calls: number;
}

/** Pods and brokers are those of the simulation; journal, lock and events are kept in memory by `kept`. */
export class SimulatedCluster extends FakeCluster {
  protected readonly simulated: SimulatedKafka;
  readonly #kept: FakeCluster;
  readonly #fate: Fate;

  constructor(kafka: SimulatedKafka, kept: FakeCluster, fate: Fate) {
    super();
    this.simulated = kafka;
    this.#kept = kept;
    this.#fate = fate;
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.call(async () => {
      if (address.plural !== 'pods') return this.#kept.get(address);
      const pod = this.simulated.simulation.world.pod(address.namespace, address.name);
      if (!pod) throw new ClusterProblem('absent', `There is no pod ${address.name}.`);
      return { ...pod };
    });
  }

  override create(...args: Parameters<FakeCluster['create']>): Promise<JsonObject> {
    return this.call(() => this.#kept.create(...args));
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.call(() => this.#kept.replace(...args));
  }

  override identity(): Promise<string | undefined> {
    return this.call(() => Promise.resolve('simulated'));
  }

  override evict(
    { namespace: where, name: podName, uid }: { namespace: string; name: string; uid: string },
    { dryRun = false }: WriteOptions = {},
  ): Promise<void> {
    return this.call(async () => {
      const { world } = this.simulated.simulation;
      const pod = world.pod(where, podName);
      if (!pod) throw new ClusterProblem('absent', 'no such pod');
      if (pod.metadata.uid !== uid) throw new ClusterProblem('conflict', 'another uid');
      if (!dryRun && pod.metadata.deletionTimestamp === undefined) this.simulated.evicted.push(podName);
      try {
        evict(world, pod, { isDryRun: dryRun });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { message, causes, code } = error;
        throw new ClusterProblem(code === 429 ? 'busy' : 'server', message, { causes });
      }
    });
  }

  override async kafka(access: KafkaAccess): Promise<KafkaConnection> {
    const connection = await demoKafka(this.simulated.simulation)(access);
    return {
      request: (...args) => this.call(() => connection.request(...args)),
      stop: () => connection.stop(),
    };
  }

  protected async call<T>(work: () => Promise<T>): Promise<T> {
    const fate = this.#fate;
    if (fate.isDead) return never();
    fate.calls += 1;
    if (fate.calls !== fate.diesAt) return work();
    fate.isDead = true;
    if (fate.arrives) await work().catch(() => undefined);
    return never();
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function statefulSet(replicas: number, labels: Readonly<Record<string, string>>): unknown {
  const memory = { requests: { memory: '4Gi' }, limits: { memory: '4Gi' } };
  const container = {
    name: 'kafka',
    image: 'apache/kafka:4.1.0',
    env: [
      { name: 'KAFKA_PROCESS_ROLES', value: 'broker,controller' },
      { name: 'KAFKA_LISTENERS', value: 'PLAINTEXT://:9092,CONTROLLER://:9093' },
      { name: 'KAFKA_CONTROLLER_LISTENER_NAMES', value: 'CONTROLLER' },
    ],
    ports: [
      { name: 'client', containerPort: 9092 },
      { name: 'controller', containerPort: 9093 },
    ],
    readinessProbe: { tcpSocket: { port: 9092 }, periodSeconds: 2 },
    resources: memory,
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/kafka' }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 120, containers: [container] } },
      volumeClaimTemplates: [claim('data', '100Gi')],
    },
  };
}
