import type { Container } from '../objects.ts';
import type { Program, ProgramEnd } from '../programs.ts';
import { randomUuid, type Random } from '../random.ts';
import { ownershipOf } from './tables.ts';

export interface CassandraNodePlan {
  /** `namespace/name`. */
  readonly pod: string;
  readonly rack: string;
  /** Rows it holds and does not own, as a share of what it owns; a cleanup drops them. */
  readonly unowned?: number;
}

export interface CassandraPlan {
  readonly clusterName: string;
  readonly datacenter: string;
  readonly version: string;
  readonly nodes: readonly CassandraNodePlan[];
  readonly keyspaces: readonly CassandraKeyspace[];
  readonly loadBytes: number;
  readonly pace?: Partial<CassandraPace>;
}

export interface CassandraKeyspace {
  readonly name: string;
  readonly replication: number;
}

/** Milliseconds from the start of the process, as measured on a real ring: a node calls itself UN long before CQL is open. */
export interface CassandraPace {
  readonly jmxMs: number;
  readonly gossipMs: number;
  readonly normalMs: number;
  readonly cqlMs: number;
  /** Streaming of a node that joins, on top. */
  readonly joinMs: number;
  readonly drainMs: number;
  /** From SIGTERM to the end of a node that has not been drained, and of one that has. */
  readonly stopMs: number;
  readonly stopDrainedMs: number;
  /** Until the others notice a node that went without a word. */
  readonly silenceMs: number;
  /** From seeing a node up to sending it its hints. */
  readonly hintDelayMs: number;
  /** From the beginning of a decommission to its end. */
  readonly leaveMs: number;
}

const usualPace: CassandraPace = {
  jmxMs: 5000,
  gossipMs: 11_000,
  normalMs: 13_500,
  cqlMs: 17_000,
  joinMs: 20_000,
  drainMs: 2500,
  stopMs: 8000,
  stopDrainedMs: 2000,
  silenceMs: 12_000,
  hintDelayMs: 10_000,
  leaveMs: 20_000,
};

/** What a node let the others know, and when. */
interface Announcement {
  readonly at: number;
  readonly isUp: boolean;
  readonly address: string;
}

/** A command that goes on by itself. */
export interface Job {
  /** Its first argument. */
  readonly command: string;
  endsAt: number;
  readonly finish: (now: number) => { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
}

export interface RingNode {
  readonly plan: CassandraNodePlan;
  readonly hostId: string;
  tokens: readonly bigint[];
  state: 'absent' | 'running' | 'stopping';
  startedAt: number;
  stoppingAt: number;
  drainingAt: number | undefined;
  /** CQL was closed by hand. */
  isBinaryOff: boolean;
  address: string;
  loadBytes: number;
  /** Part of the load that is not its own. */
  unownedBytes: number;
  announcements: Announcement[];
  /** By host id: since when writes are kept for it, and files of them. */
  readonly hints: Map<string, { oldestAt: number; newestAt: number; files: number }>;
  cleanupUntil: number;
  /** Since when it is being decommissioned. */
  leavingAt: number | undefined;
  /** Commands that go on in its container by themselves, by their tokens; lost when the container is started anew. */
  readonly jobs: Map<string, Job>;
  /** Has never been part of the ring: it streams its data before it is NORMAL. */
  isNew: boolean;
  /** What its data is on; empty until its process was started. */
  volume: string;
  /** Its volume is gone, and another node starts in its pod. */
  isLost: boolean;
  /** The dead node whose place it takes when it has joined. */
  replaces: RingNode | undefined;
  /** Who has been told to remove it from the ring. */
  removedBy: RingNode | undefined;
}

/** One ring: nodes that each have their own view of the others. */
export class RingSimulation {
  readonly plan: CassandraPlan;
  readonly pace: CassandraPace;
  readonly nodes: RingNode[];
  readonly schemaVersion: string;
  readonly #random: Random;

  constructor(plan: CassandraPlan, random: Random) {
    this.plan = plan;
    this.#random = random;
    this.pace = { ...usualPace, ...plan.pace };
    this.schemaVersion = randomUuid(random);
    this.nodes = plan.nodes.map((node) => newNode(node, plan, random));
    this.#load();
  }

  /** Nodes hold as much as they own, and what they no longer do. */
  #load(): void {
    const shares = ownershipOf(this, Math.max(1, ...this.plan.keyspaces.map(({ replication }) => replication)));
    const mean = [...shares.values()].reduce((sum, share) => sum + share, 0) / this.nodes.length;
    for (const node of this.nodes) {
      const own = Math.round((node.loadBytes * (shares.get(node) ?? mean)) / mean);
      node.unownedBytes = Math.round(own * (node.plan.unowned ?? 0));
      node.loadBytes = own + node.unownedBytes;
    }
  }

  nodeOf(pod: string): RingNode | undefined {
    return this.nodes.find(({ plan, isLost }) => plan.pod === pod && !isLost);
  }

  /** Whoever starts in a pod: the node whose data is on the volume, or one that begins with an empty one. */
  nodeOn(plan: CassandraNodePlan, volume: string): RingNode {
    const known = this.nodeOf(plan.pod);
    const node = known && (known.volume === '' || volume === '' || known.volume === volume) ? known : undefined;
    if (known && !node) known.isLost = true;
    const found = node ?? this.addNode(known?.plan ?? plan);
    found.volume = volume;
    return found;
  }

  /** Somebody scaled the ring: a node that will join it. */
  addNode(plan: CassandraNodePlan): RingNode {
    const node = { ...newNode(plan, this.plan, this.#random), isNew: true };
    this.nodes.push(node);
    return node;
  }

  /** The process begins, with the address of its pod. */
  start(node: RingNode, container: Container, address: string, now: number): Program {
    node.jobs.clear();
    for (const other of this.nodes) this.#endRemoval(other, node, now);
    // What is left in the middle is a node as before; what has left does not start again with its data.
    if (this.hasLeft(node, now)) return refusingProgram;
    node.leavingAt = undefined;
    if (node.isNew && !this.#takePlace(node, container)) return refusingProgram;
    node.state = 'running';
    node.startedAt = now;
    node.drainingAt = undefined;
    node.isBinaryOff = false;
    node.address = address;
    const upAt = now + this.pace.gossipMs;
    const heard = node.announcements.filter(({ at }) => at <= now).slice(-1);
    const coming = node.announcements.filter(({ at }) => at > now && at < upAt);
    node.announcements = [...heard, ...coming, { at: upAt, isUp: true, address }];
    const probe = JSON.stringify(container.readinessProbe ?? {});
    return {
      poll: (at) => this.#poll(node, at),
      isReady: (at) => (probe.includes('nodetool') ? this.seesItselfUp(node, at) : this.isCqlOpen(node, at)),
      terminate: (at) => this.#terminate(node, at),
      stopped: (at) => this.#gone(node, at),
      preStop: (command, at) => {
        if (!command.includes('drain')) return 0;
        this.drain(node, at);
        return this.pace.drainMs;
      },
    };
  }

  tick(now: number): void {
    for (const node of this.nodes) {
      this.#finishPlace(node, now);
      for (const other of this.nodes) if (other !== node) this.#keepHints(node, other, now);
    }
  }

  drain(node: RingNode, now: number): void {
    if (node.state !== 'running' || node.drainingAt !== undefined) return;
    node.drainingAt = now;
    this.#announceDown(node, now);
  }

  isJmxOpen(node: RingNode, now: number): boolean {
    return node.state !== 'absent' && now - node.startedAt >= this.pace.jmxMs;
  }

  isCqlOpen(node: RingNode, now: number): boolean {
    const isOpen =
      node.state === 'running' && node.drainingAt === undefined && !node.isBinaryOff && !this.hasLeft(node, now);
    return isOpen && now - node.startedAt >= this.pace.cqlMs + this.#joinMs(node);
  }

  /** A node goes on calling itself UN after a drain. */
  seesItselfUp(node: RingNode, now: number): boolean {
    return node.state === 'running' && now - node.startedAt >= this.pace.gossipMs;
  }

  /** One of the others is told to remove it: who own its ranges now are sent them. */
  removeNode(by: RingNode, node: RingNode, now: number): void {
    node.removedBy = by;
    node.leavingAt ??= now;
  }

  /** From now on it streams what it holds to the others. */
  decommission(node: RingNode, now: number): void {
    node.leavingAt ??= now;
  }

  hasLeft({ leavingAt }: RingNode, now: number): boolean {
    return leavingAt !== undefined && now - leavingAt >= this.pace.leaveMs;
  }

  modeOf(node: RingNode, now: number): string {
    if (this.hasLeft(node, now)) return 'DECOMMISSIONED';
    if (node.leavingAt !== undefined) return 'LEAVING';
    if (node.drainingAt !== undefined) return now - node.drainingAt < this.pace.drainMs ? 'DRAINING' : 'DRAINED';
    if (now - node.startedAt < this.pace.gossipMs) return 'STARTING';
    if (this.isJoining(node, now)) return 'JOINING';
    return now - node.startedAt < this.pace.normalMs ? 'STARTING' : 'NORMAL';
  }

  isJoining(node: RingNode, now: number): boolean {
    return node.isNew && now - node.startedAt < this.pace.gossipMs + this.pace.joinMs;
  }

  #joinMs(node: RingNode): number {
    return node.isNew ? this.pace.joinMs : 0;
  }

  /** What one node holds of another; the address is the one it knows. Undefined when it has never heard of it. */
  view(
    observer: RingNode,
    target: RingNode,
    now: number,
  ): { readonly isUp: boolean; readonly address: string } | undefined {
    if (observer === target) return { isUp: this.seesItselfUp(observer, now), address: observer.address };
    const delay = this.#gossipDelay(observer, target);
    const known = target.announcements.filter(({ at }) => at + delay <= now);
    const latest = known.at(-1);
    if (latest === undefined || this.hasLeft(target, now - delay)) return undefined;
    // Until it has joined, the dead node is shown in its place.
    if (target.replaces !== undefined && this.isJoining(target, now - delay)) return undefined;
    // A node that has just begun to gossip takes the others for down until it hears of them.
    const isListening = now - observer.startedAt >= this.pace.gossipMs + delay && observer.drainingAt === undefined;
    return { isUp: latest.isUp && isListening, address: latest.address };
  }

  /** By the option of its process. False when it refuses to start: there is no such node, or it is alive. */
  #takePlace(node: RingNode, { env = [] }: Container): boolean {
    const options = env.find(({ name }) => name === 'JVM_EXTRA_OPTS')?.value ?? '';
    const [, address] = /-Dcassandra\.replace_address_first_boot=(\S+)/.exec(options) ?? [];
    node.replaces = undefined;
    if (address === undefined) return true;
    const dead = this.nodes.find(
      (other) => other !== node && other.leavingAt === undefined && other.announcements.at(-1)?.address === address,
    );
    if (dead === undefined || dead.state === 'running') return false;
    node.replaces = dead;
    node.tokens = dead.tokens;
    const seeds = env.find(({ name }) => name === 'CASSANDRA_SEEDS')?.value ?? '';
    const [, pod = ''] = node.plan.pod.split('/');
    // A seed takes over the tokens and is sent nothing.
    if (seeds.split(',').some((seed) => seed === pod || seed.startsWith(`${pod}.`))) node.loadBytes = 0;
    return true;
  }

  #finishPlace(node: RingNode, now: number): void {
    const { replaces } = node;
    if (replaces === undefined || node.state !== 'running' || this.isJoining(node, now)) return;
    node.replaces = undefined;
    replaces.leavingAt = now - this.pace.leaveMs;
  }

  /** Whoever was to remove a node has been started anew meanwhile. */
  #endRemoval(node: RingNode, by: RingNode, now: number): void {
    if (node.removedBy !== by || this.hasLeft(node, now)) return;
    node.removedBy = undefined;
    node.leavingAt = undefined;
  }

  #poll(node: RingNode, now: number): ProgramEnd | undefined {
    if (node.state !== 'stopping') return undefined;
    const wait =
      node.drainingAt !== undefined && node.drainingAt < node.stoppingAt ? this.pace.stopDrainedMs : this.pace.stopMs;
    return now - node.stoppingAt >= wait ? { exitCode: 143, reason: 'Error' } : undefined;
  }

  #terminate(node: RingNode, now: number): void {
    if (node.state !== 'running') return;
    if (node.leavingAt !== undefined && !this.hasLeft(node, now)) node.leavingAt = undefined;
    if (node.drainingAt === undefined) this.#announceDown(node, now);
    node.state = 'stopping';
    node.stoppingAt = now;
  }

  #gone(node: RingNode, now: number): void {
    if (node.leavingAt !== undefined && !this.hasLeft(node, now)) node.leavingAt = undefined;
    if (node.state === 'running' && node.drainingAt === undefined) this.#announceDown(node, now + this.pace.silenceMs);
    if (!this.isJoining(node, now)) node.isNew = false;
    node.state = 'absent';
  }

  #announceDown(node: RingNode, at: number): void {
    node.announcements = [...node.announcements.slice(-1), { at, isUp: false, address: node.address }];
  }

  /** Between half a second and two and a half, the same for a pair every time. */
  #gossipDelay(observer: RingNode, target: RingNode): number {
    const seed = this.nodes.indexOf(observer) * 31 + this.nodes.indexOf(target) * 17;
    return 500 + ((seed * 397) % 2000);
  }

  #keepHints(node: RingNode, other: RingNode, now: number): void {
    const isAble = this.isCqlOpen(node, now);
    const view = this.view(node, other, now);
    const hints = node.hints.get(other.hostId);
    if (view === undefined && this.hasLeft(other, now)) node.hints.delete(other.hostId);
    if (!isAble || view === undefined) return;
    if (!view.isUp) {
      const oldestAt = hints?.oldestAt ?? now;
      node.hints.set(other.hostId, { oldestAt, newestAt: now, files: 1 + Math.floor((now - oldestAt) / 10_000) });
      return;
    }
    if (hints === undefined || now - hints.newestAt < this.pace.hintDelayMs) return;
    // A file a second once sending has begun.
    const sent = Math.floor((now - hints.newestAt - this.pace.hintDelayMs) / 1000);
    const all = 1 + Math.floor((hints.newestAt - hints.oldestAt) / 10_000);
    if (sent >= all) node.hints.delete(other.hostId);
    else hints.files = all - sent;
  }
}

/** `was decommissioned and will not rejoin the ring`. */
const refusingProgram: Program = {
  poll: () => ({ exitCode: 3, reason: 'Error' }),
  isReady: () => false,
  terminate: () => undefined,
  stopped: () => undefined,
};

const TOKENS_PER_NODE = 16;

function newNode(plan: CassandraNodePlan, { loadBytes }: CassandraPlan, random: Random): RingNode {
  return {
    plan,
    hostId: randomUuid(random),
    tokens: Array.from({ length: TOKENS_PER_NODE }, () => randomToken(random)),
    state: 'absent',
    startedAt: 0,
    stoppingAt: 0,
    drainingAt: undefined,
    isBinaryOff: false,
    address: '',
    loadBytes: Math.round(loadBytes * (0.9 + 0.2 * random.fraction())),
    unownedBytes: 0,
    announcements: [],
    hints: new Map(),
    cleanupUntil: 0,
    leavingAt: undefined,
    jobs: new Map(),
    isNew: false,
    volume: '',
    isLost: false,
    replaces: undefined,
    removedBy: undefined,
  };
}

function randomToken(random: Random): bigint {
  return BigInt.asIntN(64, (BigInt(random.below(2 ** 32)) << 32n) | BigInt(random.below(2 ** 32)));
}
