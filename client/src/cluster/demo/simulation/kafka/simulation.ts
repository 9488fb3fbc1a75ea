import type { Program, ProgramEnd } from '../programs.ts';
import { randomUuid, type Random } from '../random.ts';
import {
  usualPace,
  type KafkaMeasures,
  type KafkaNode,
  type KafkaNodePlan,
  type KafkaPace,
  type KafkaPartition,
  type KafkaPlan,
  type KafkaTopic,
  type KafkaTopicPlan,
} from './model.ts';
import { copyReplicas, type CopyState } from './copying.ts';
import { finishReassignment, heldBy } from './reassignment.ts';
import { electLeader, electPreferred, isServing, removeBroker, write } from './replication.ts';

const REBALANCE_EVERY_MS = 300_000;

const usualSettings: Readonly<Record<string, string>> = {
  'min.insync.replicas': '2',
  'default.replication.factor': '3',
  'auto.leader.rebalance.enable': 'true',
  'controlled.shutdown.enable': 'true',
  'unclean.leader.election.enable': 'false',
  'controller.quorum.fetch.timeout.ms': '2000',
  'replica.lag.time.max.ms': '30000',
};

/** Brokers and controllers of one cluster, without their pods: what is in sync, who leads, and how that changes with time. */
export class KafkaSimulation {
  readonly plan: KafkaPlan;
  readonly pace: KafkaPace;
  readonly nodes: Map<number, KafkaNode>;
  readonly topics = new Map<string, KafkaTopic>();
  /** What the file of every broker says. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Set for all brokers at runtime. New clusters have `min.insync.replicas` here, since eligible leader replicas need it to be the same. */
  readonly shared: Map<string, string>;
  /** -1: no majority. */
  quorumLeader = -1;
  quorumEpoch = 1;
  readonly #random: Random;
  readonly #measures = nothingMeasured();
  #quorumLostAt: number | undefined;
  #tickedAt: number | undefined;
  #rebalancedAt = 0;

  constructor(plan: KafkaPlan, random: Random) {
    this.plan = plan;
    this.pace = { ...usualPace, ...plan.pace };
    this.#random = random;
    this.defaults = new Map(Object.entries({ ...usualSettings, ...plan.config }));
    this.shared = new Map([...this.defaults].filter(([name]) => name === 'min.insync.replicas'));
    this.nodes = new Map(plan.nodes.map((node) => [node.id, newNode(node)]));
    for (const topic of plan.topics) this.addTopic(topic);
  }

  get measures(): KafkaMeasures {
    return this.#measures;
  }

  get partitions(): readonly KafkaPartition[] {
    return [...this.topics.values()].flatMap(({ partitions }) => partitions);
  }

  get aliveBrokers(): readonly KafkaNode[] {
    return [...this.nodes.values()].filter((node) => node.plan.isBroker && isServing(node));
  }

  addTopic({ name, assignment, config = {}, isInternal = false, partitionBytes }: KafkaTopicPlan): KafkaTopic {
    const least = partitionBytes === undefined ? 20_000_000 : partitionBytes * 0.8;
    const spread = partitionBytes === undefined ? 10_000_000 : partitionBytes * 0.4;
    const topic: KafkaTopic = {
      name,
      id: randomUuid(this.#random),
      isInternal,
      config: new Map(Object.entries(config)),
      partitions: assignment.map((replicas, index) => ({
        topic: name,
        index,
        replicas: [...replicas],
        isr: [...replicas],
        leader: -1,
        leaderEpoch: 0,
        size: Math.round(least) + this.#random.below(Math.round(spread)),
        behind: new Map(),
        adding: [],
        removing: [],
      })),
    };
    this.topics.set(name, topic);
    return topic;
  }

  /** Makes room for a node that was not planned: somebody scaled the cluster. */
  ensureNode(plan: KafkaNodePlan): void {
    if (!this.nodes.has(plan.id)) this.nodes.set(plan.id, newNode(plan));
  }

  /** Begins to measure anew. */
  resetMeasures(): void {
    Object.assign(this.#measures, nothingMeasured());
  }

  /** Settings from the variables of a container, which count from its next start on. */
  readVariables(id: number, variables: ReadonlyMap<string, string>): void {
    this.#node(id).variables = variables;
  }

  /** The process of a node begins. `killAfterMs`: memory does not suffice and the kernel ends it then. */
  start(id: number, now: number, killAfterMs?: number): Program {
    const node = this.#node(id);
    node.state = 'starting';
    node.startedAt = now;
    node.epoch++;
    node.isKnown = node.plan.isBroker;
    return {
      poll: (at) => this.#poll(node, at, killAfterMs),
      isReady: (at) => this.isListening(node, at),
      terminate: (at) => this.#shutDown(node, at),
      stopped: (at) => this.#gone(node, at),
    };
  }

  /** Its port is open, which is less than being registered. */
  isListening({ state, startedAt }: KafkaNode, now: number): boolean {
    return state !== 'absent' && state !== 'stopping' && now - startedAt >= this.pace.portOpenMs;
  }

  tick(now: number): void {
    const elapsed = Math.max(0, now - (this.#tickedAt ?? now));
    this.#tickedAt = now;
    for (const node of this.nodes.values()) this.#step(node, now);
    this.#holdElection(now);
    const state = this.state();
    for (const topic of this.topics.values()) {
      const minIsr = this.minIsr(topic);
      for (const partition of topic.partitions) write(partition, minIsr, elapsed / 1000, state);
    }
    if (this.quorumLeader !== -1) this.#replicate(now, elapsed / 1000, state);
    this.#measure(elapsed);
  }

  #replicate(now: number, seconds: number, state: CopyState): void {
    const { partitions } = this;
    copyReplicas(partitions, seconds, state);
    for (const partition of partitions) {
      if (partition.leader === -1) electLeader(partition, state);
      finishReassignment(partition, state);
    }
    const isDue =
      this.defaults.get('auto.leader.rebalance.enable') === 'true' && now - this.#rebalancedAt > REBALANCE_EVERY_MS;
    if (!isDue) return;
    if (this.#rebalancedAt > 0) for (const partition of partitions) electPreferred(partition, state);
    this.#rebalancedAt = now;
  }

  minIsr(topic: KafkaTopic): number {
    return Number(this.topicSetting(topic.name, 'min.insync.replicas') ?? 1);
  }

  /** What counts for a topic: its own value, one set at runtime for all brokers, or that of their files. */
  topicSetting(topic: string, name: string): string | undefined {
    return this.topics.get(topic)?.config.get(name) ?? this.shared.get(name) ?? this.defaults.get(name);
  }

  brokerSetting(id: number, name: string): string | undefined {
    const node = this.nodes.get(id);
    return node?.config.get(name) ?? this.shared.get(name) ?? node?.variables.get(name) ?? this.defaults.get(name);
  }

  /** Takes a broker that is gone out of what the controllers know. @returns whether there was one */
  unregister(id: number): boolean {
    const node = this.nodes.get(id);
    if (node?.isKnown !== true) return false;
    node.isKnown = false;
    node.isRegistered = false;
    node.config.clear();
    const state = this.state();
    for (const partition of this.partitions) removeBroker(partition, id, state);
    return true;
  }

  /** What the functions of replication.ts and copying.ts need. */
  state(): CopyState {
    return {
      topicSetting: (topic, name) => this.topicSetting(topic, name),
      brokerSetting: (id, name) => this.brokerSetting(id, name),
      nodes: this.nodes,
      pace: this.pace,
      leaderChanged: () => {
        this.#measures.leaderChanges++;
      },
    };
  }

  #step(node: KafkaNode, now: number): void {
    const sinceStart = now - node.startedAt;
    if (node.state === 'starting') {
      const wait = this.pace.registeredMs + (node.endedCleanly ? 0 : this.pace.recoveryMs);
      if (sinceStart >= wait && (this.quorumLeader !== -1 || !node.plan.isBroker)) {
        node.state = 'running';
        node.isRegistered = node.plan.isBroker;
        node.isKnown = node.plan.isBroker;
      }
    }
    if (node.state === 'absent' && node.isRegistered && now - node.goneAt >= this.pace.sessionMs) this.#fence(node);
    if (isVoting(node, now, this.pace) && this.quorumLeader !== -1) node.caughtUpAt = now;
  }

  #fence(node: KafkaNode): void {
    if (this.quorumLeader === -1) return;
    node.isRegistered = false;
    const state = this.state();
    for (const partition of this.partitions) removeBroker(partition, node.plan.id, state);
  }

  #holdElection(now: number): void {
    const voters = [...this.nodes.values()].filter(({ plan }) => plan.isController);
    const alive = voters.filter((node) => isVoting(node, now, this.pace));
    const hasMajority = alive.length > voters.length / 2;
    if (hasMajority && alive.some(({ plan }) => plan.id === this.quorumLeader)) return;
    if (this.quorumLeader !== -1 || this.#quorumLostAt === undefined) this.#quorumLostAt = now;
    this.quorumLeader = -1;
    if (!hasMajority || now - this.#quorumLostAt < this.pace.electionMs) return;
    this.quorumLeader =
      alive.toSorted((a, b) => b.caughtUpAt - a.caughtUpAt || a.plan.id - b.plan.id)[0]?.plan.id ?? -1;
    this.quorumEpoch++;
    this.#quorumLostAt = undefined;
  }

  #poll(node: KafkaNode, now: number, killAfterMs: number | undefined): ProgramEnd | undefined {
    if (killAfterMs !== undefined && node.state !== 'stopping' && now - node.startedAt >= killAfterMs) {
      return { exitCode: 137, reason: 'OOMKilled' };
    }
    if (node.state !== 'stopping' || now - node.stoppingAt < this.pace.shutdownMs) return undefined;
    // A JVM that ends at SIGTERM says 128 + 15.
    return { exitCode: 143, reason: 'Error' };
  }

  /** A controlled shutdown asks the controllers to move the leaders before the process ends. */
  #shutDown(node: KafkaNode, now: number): void {
    if (node.state === 'stopping' || node.state === 'absent') return;
    node.state = 'stopping';
    node.stoppingAt = now;
    node.endedCleanly = true;
    if (this.quorumLeader !== -1) this.#fence(node);
  }

  #gone(node: KafkaNode, now: number): void {
    if (node.state === 'absent') return;
    const isClean = node.state === 'stopping' && now - node.stoppingAt >= this.pace.shutdownMs;
    if (!isClean) this.#measures.uncleanShutdowns++;
    node.endedCleanly = isClean;
    node.state = 'absent';
    node.goneAt = now;
  }

  #measure(elapsed: number): void {
    const outOfSync = new Set<number>();
    for (const topic of this.topics.values()) {
      const minIsr = this.minIsr(topic);
      for (const partition of topic.partitions) {
        const { isr, leader } = partition;
        const missing = heldBy(partition).filter((id) => !isr.includes(id));
        if (leader === -1) this.#measures.offlineMs += elapsed;
        if (isr.length < minIsr) this.#measures.underMinIsrMs += elapsed;
        if (missing.length > 0) this.#measures.underReplicatedMs += elapsed;
        for (const id of missing) outOfSync.add(id);
      }
    }
    this.#measures.mostBrokersOutOfSync = Math.max(this.#measures.mostBrokersOutOfSync, outOfSync.size);
  }

  #node(id: number): KafkaNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`Kafka cluster ${this.plan.clusterId} has no node ${id}`);
    return node;
  }
}

function newNode(plan: KafkaPlan['nodes'][number]): KafkaNode {
  return {
    plan,
    state: 'absent',
    startedAt: 0,
    stoppingAt: 0,
    goneAt: 0,
    endedCleanly: true,
    isKnown: false,
    isRegistered: false,
    epoch: 0,
    caughtUpAt: 0,
    config: new Map(),
    variables: new Map(),
  };
}

/** A controller answers before the broker of the same process is registered. */
function isVoting(node: KafkaNode, now: number, pace: KafkaPace): boolean {
  if (!node.plan.isController || node.state === 'absent' || node.state === 'stopping') return false;
  return now - node.startedAt >= pace.portOpenMs;
}

function nothingMeasured(): { -readonly [Name in keyof KafkaMeasures]: number } {
  return {
    underMinIsrMs: 0,
    offlineMs: 0,
    underReplicatedMs: 0,
    mostBrokersOutOfSync: 0,
    leaderChanges: 0,
    uncleanShutdowns: 0,
  };
}
