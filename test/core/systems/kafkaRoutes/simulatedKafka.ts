import type { DataCluster } from '#core/live/model.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import { ClusterProblem, type ApiResource, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import type { OperationName, Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { Wishes } from '#core/operations/wishes.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { namespace } from '../../../support/liveObjects.ts';

export interface SimulatedNode {
  readonly name: string;
  readonly nodeId: number;
  readonly role: 'broker' | 'controller';
}

interface NodeState {
  pod: string;
  isUp: boolean;
  /** In every ISR, or with the leader of the quorum, from then on. */
  syncedAt: number;
}

export interface RunOptions {
  readonly earlier?: RunRecord;
  readonly control?: RunControl;
  /** Every second. */
  readonly during?: () => void;
  readonly runner?: string;
  /** How many calls of the cluster the runner lives for. */
  readonly life?: { calls: number };
}

/** A cluster that answers nothing once the one who asks has died. */
function mortal(cluster: FakeCluster, life: { calls: number }): Cluster {
  return new Proxy(cluster, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        life.calls -= 1;
        if (life.calls <= 0) return new Promise<never>(() => undefined);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

export type MakePod = (node: SimulatedNode, name: string, uid: string) => JsonObject;

/** How long a restarted pod takes to be ready. Milliseconds. */
const READY_MS = 3000;

const kinds: readonly ApiResource[] = [
  apiResource('kafka.strimzi.io', 'v1', 'Kafka'),
  apiResource('kafka.strimzi.io', 'v1', 'KafkaNodePool'),
  apiResource('kafka.strimzi.io', 'v1', 'KafkaRebalance'),
  apiResource('core.strimzi.io', 'v1', 'StrimziPodSet'),
  apiResource('platform.confluent.io', 'v1beta1', 'Kafka'),
  apiResource('platform.confluent.io', 'v1beta1', 'KRaftController'),
  apiResource('kafka.banzaicloud.io', 'v1beta1', 'KafkaCluster'),
  apiResource('kafka.banzaicloud.io', 'v1alpha1', 'CruiseControlOperation'),
];

/**
 * Brokers whose pods somebody takes out, with one topic of three replicas and two in sync wanted. It notes whoever is taken out while
 * another one is out.
 */
export class SimulatedKafka {
  readonly clock = new FakeClock();
  readonly cluster = new FakeCluster();
  readonly nodes: readonly SimulatedNode[];
  readonly breaches: string[] = [];
  /** Names of the nodes in the order in which they were taken out. */
  readonly taken: string[] = [];
  readonly progress: Progress[] = [];
  readonly states = new Map<number, NodeState>();
  /** How long a pod that is ready takes to be in sync. Milliseconds. */
  syncMs = 5000;
  /** Replicas of each partition. */
  copies = 3;
  /** Brokers that hold nothing any more. */
  readonly emptied = new Set<number>();
  /** Partitions that are being moved. */
  moving = 0;
  /** Taken out pods of these nodes never become ready. */
  readonly broken = new Set<number>();
  private readonly makePod: MakePod;
  private readonly leaders = new Map<number, number>();
  private births = 0;

  constructor(nodes: readonly SimulatedNode[], makePod: MakePod) {
    this.nodes = nodes;
    this.makePod = makePod;
    this.cluster.serve(...kinds);
    for (const node of nodes) {
      this.states.set(node.nodeId, { pod: node.name, isUp: true, syncedAt: 0 });
      this.cluster.put(makePod(node, node.name, this.newUid()));
    }
    this.brokers.forEach(({ nodeId }, index) => this.leaders.set(index, nodeId));
  }

  get brokers(): readonly SimulatedNode[] {
    return this.nodes.filter(({ role }) => role === 'broker');
  }

  node(name: string): SimulatedNode {
    const found = this.nodes.find((node) => node.name === name || this.states.get(node.nodeId)?.pod === name);
    if (!found) throw new Error(`no node ${name}`);
    return found;
  }

  isOut(nodeId: number): boolean {
    const state = this.states.get(nodeId);
    return state === undefined || !state.isUp || state.syncedAt > this.clock.now();
  }

  /** The pod is made anew, under another name where the operator gives new ones. */
  take(name: string, renamed?: string): void {
    const node = this.node(name);
    const others = this.nodes.filter(({ nodeId }) => nodeId !== node.nodeId && this.isOut(nodeId));
    if (others.length > 0) this.breaches.push(`${name} while ${others.map((one) => one.name).join(', ')} was out`);
    this.taken.push(node.name);
    const pod = renamed ?? name;
    this.states.set(node.nodeId, { pod, isUp: false, syncedAt: Number.POSITIVE_INFINITY });
    this.cluster.remove('Pod', name, 'prod');
    for (const [index, leader] of this.leaders)
      if (leader === node.nodeId) this.leaders.set(index, this.isr().find((id) => id !== node.nodeId) ?? -1);
    this.clock.after(READY_MS, () => this.start(node, pod));
  }

  private start(node: SimulatedNode, pod: string): void {
    const manifest = this.makePod(node, pod, this.newUid());
    this.cluster.put(this.broken.has(node.nodeId) ? { ...manifest, ...crashing } : manifest);
    if (this.broken.has(node.nodeId)) return;
    this.states.set(node.nodeId, { pod, isUp: true, syncedAt: this.clock.now() + this.syncMs });
  }

  private newUid(): string {
    this.births += 1;
    return `uid-${this.births}`;
  }

  /** Looks again and again, as a controller does. */
  every(milliseconds: number, look: () => void): void {
    look();
    this.clock.after(milliseconds, () => this.every(milliseconds, look));
  }

  async data(): Promise<DataCluster> {
    const list = (kind: ApiResource): Promise<readonly JsonObject[]> =>
      this.cluster.list({ ...kind, namespace: 'prod' });
    const customs = await Promise.all(
      kinds.map(async (kind) => (await list(kind)).flatMap((object) => decodeCustom(kind)(object) ?? [])),
    );
    const pods = (await list(apiResource('', 'v1', 'Pod'))).flatMap((object) => decodePod(object) ?? []);
    const sets = (await list(apiResource('apps', 'v1', 'StatefulSet'))).flatMap((one) => decodeStatefulSet(one) ?? []);
    const [found] = kafkaLive.gather(namespace({ pods, workloads: sets, customs: customs.flat() }));
    if (!found) throw new Error('no cluster');
    return found;
  }

  door(): KafkaDoor {
    const open = async () => ({
      request: async (nodeId: number, api: string) => this.answer(nodeId, api),
      stop: () => undefined,
    });
    return new KafkaDoor(
      open,
      this.brokers.map(({ nodeId }) => nodeId),
      this.clock,
    );
  }

  async plan<Name extends OperationName>(
    operation: KafkaOperation<Name>,
    wish: Wishes[Name],
    id = 'plan-1',
  ): Promise<Plan> {
    return operation.plan(wish, {
      data: await this.data(),
      cluster: this.cluster,
      clock: this.clock,
      door: this.door(),
      id,
    });
  }

  /** Runs until it ends, at most two hours of the simulation. */
  async run(
    operation: Pick<KafkaOperation<OperationName>, 'procedure'>,
    plan: Plan,
    more: RunOptions = {},
  ): Promise<RunRecord> {
    const record = await this.runUntilKilled(operation, plan, more);
    if (record) return record;
    throw new Error('it was killed');
  }

  /** Undefined when the runner was killed: from then on nothing that it asks of the cluster is answered. */
  async runUntilKilled(
    operation: Pick<KafkaOperation<OperationName>, 'procedure'>,
    plan: Plan,
    more: RunOptions = {},
  ): Promise<RunRecord | undefined> {
    const { clock } = this;
    const { earlier, control = { wish: 'run' as const }, during, runner = 'one', life } = more;
    const cluster = life ? mortal(this.cluster, life) : this.cluster;
    const procedure = operation.procedure(plan, { data: await this.data(), cluster, clock, door: this.door() });
    const listener = (progress: Progress): void => void this.progress.push(progress);
    const seen: { record?: RunRecord } = {};
    const request = { plan, procedure, ...(earlier ? { earlier } : {}) };
    void carryOut(request, { cluster, clock, runner, control, listener }).then((record) => {
      seen.record = record;
    });
    for (let round = 0; round < 7200 && seen.record === undefined; round += 1) {
      await clock.pass(1000);
      during?.();
      if (life && life.calls <= 0) return undefined;
    }
    if (seen.record === undefined) throw new Error('it does not end');
    return seen.record;
  }

  get waits(): readonly string[] {
    return this.progress.flatMap((one) => (one.kind === 'waiting' ? [one.waitingFor] : []));
  }

  private isr(): readonly number[] {
    return this.brokers.map(({ nodeId }) => nodeId).filter((id) => !this.isOut(id));
  }

  private answer(nodeId: number, api: string): JsonObject {
    if (this.states.get(nodeId)?.isUp !== true) throw new ClusterProblem('unreachable', `broker ${nodeId} is down`);
    const answers: Readonly<Record<string, () => JsonObject>> = {
      Metadata: () => this.metadata(),
      DescribeCluster: () => ({ clusterId: 'c1d2', controllerId: 0, brokers: this.live() }),
      ListPartitionReassignments: () => ({
        partitions: Array.from({ length: this.moving }, (_, index) => ({
          topic: 'orders',
          index,
          adding: [],
          removing: [],
          replicas: [],
        })),
      }),
      DescribeQuorum: () => this.quorum(),
      DescribeConfigs: () => ({
        resources: [
          { type: 2, name: 'orders', errorCode: 0, configs: [{ name: 'min.insync.replicas', value: '2', source: 5 }] },
        ],
      }),
      DescribeLogDirs: () => ({ dirs: [{ path: '/data', errorCode: 0, topics: [] }] }),
      ElectLeaders: () => {
        for (const [index] of this.leaders) this.leaders.set(index, this.brokers[index]?.nodeId ?? -1);
        return { partitions: [...this.leaders.keys()].map((index) => ({ topic: 'orders', index, errorCode: 0 })) };
      },
    };
    const found = answers[api];
    if (!found) throw new ClusterProblem('absent', api);
    return found();
  }

  private live(): readonly JsonObject[] {
    const up = this.brokers.filter(({ nodeId }) => this.states.get(nodeId)?.isUp === true);
    return up.map(({ nodeId }) => ({ id: nodeId, host: '', port: 9092, rack: '', isFenced: false }));
  }

  private metadata(): JsonObject {
    const ids = this.brokers.map(({ nodeId }) => nodeId);
    const partitions = ids.map((_, index) => {
      const holders = [...ids.slice(index), ...ids.slice(0, index)].filter((id) => !this.emptied.has(id));
      const replicas = holders.slice(0, this.copies);
      const isr = this.isr().filter((id) => replicas.includes(id));
      return { index, errorCode: 0, leader: this.leaders.get(index) ?? -1, replicas, isr, offline: [] };
    });
    const topics = [{ name: 'orders', errorCode: 0, isInternal: false, partitions }];
    return { clusterId: 'c1d2', controllerId: 0, brokers: this.live(), topics };
  }

  private quorum(): JsonObject {
    const controllers = this.nodes.filter(({ role }) => role === 'controller');
    const voters = (controllers.length > 0 ? controllers : this.brokers).map(({ nodeId }) => ({
      id: nodeId,
      logEndOffset: 1,
      lastCaughtUpAt: this.clock.now() - (this.isOut(nodeId) ? 60_000 : 0),
    }));
    const leader = voters.findLast(({ id }) => !this.isOut(id));
    return { leaderId: leader?.id ?? -1, leaderEpoch: 1, highWatermark: 1, voters, observers: [] };
  }
}

const crashing = {
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'kafka',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T11:59:50Z' } },
      },
    ],
  },
};

/** A pod that is ready, with its data on a claim. */
export function kafkaPod(
  name: string,
  metadata: object,
  image = 'quay.io/strimzi/kafka:0.48.0-kafka-4.1.0',
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'prod', ...metadata },
    spec: {
      nodeName: 'node-1',
      terminationGracePeriodSeconds: 120,
      containers: [{ name: 'kafka', image, ports: [{ containerPort: 9092 }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'kafka', ready: true, restartCount: 0, state: { running: {} } }],
    },
  };
}

/** The states of a plan's preconditions, by id. */
export function verdicts({ preconditions }: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(preconditions.map(({ id, state }) => [id, state]));
}
