import type { LivePod } from '#core/live/objects.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import { hopelessTrouble } from '#core/operations/memberPods.ts';
import type { Answer, PlannedStep } from '#core/operations/model.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { parametersOf, waiting } from '#core/systems/cassandra/operations/answers.ts';
import {
  excusedMembers,
  lossesOf,
  obstaclesTo,
  viewObstacles,
  type Departure,
  type Obstacle,
} from '#core/systems/cassandra/operations/obstacles.ts';
import { memberNode, named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { FreshReading } from '#core/systems/cassandra/operations/returnLook.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';

/** For how long a full reading stands for what does not change within seconds: schema, streams, repairs, replication. */
const FULL_READING_MS = 30_000;

/**
 * Whether a node may go, and how it goes. The gate is asked three times before the act (engine.ts): the first answer rests on every question
 * put to every node, or on those by which the node before was found back, when they were begun within the last half minute. Each of the
 * others, the last of them right before the act, asks all nodes for their view again.
 */
export class Departing {
  readonly #target: RestartTarget;
  readonly #ring: RingNow;
  /** The last full reading by which the node of this step might go. */
  #held: { readonly step: string; readonly at: number; readonly reading: RingReading } | undefined;
  /** By which the node before was found back. */
  #handedOn: FreshReading | undefined;

  constructor(target: RestartTarget, ring: RingNow) {
    this.#target = target;
    this.#ring = ring;
  }

  /** As the ring last told it at the gate; undefined when it was not asked. */
  hostIdOf(pod: string): string | undefined {
    const hostId = this.#held && memberNode(this.#held.reading, pod)?.hostId;
    return hostId === '' ? undefined : hostId;
  }

  /** What was asked of every node a moment ago. */
  handOn(reading: FreshReading): void {
    this.#handedOn = reading;
  }

  async gate(step: PlannedStep, pods: FoundPods): Promise<Answer> {
    const { pod } = parametersOf(step);
    const { level } = this.#target;
    if (!pods.of(pod)) return waiting(`${pod} to be created`, ['absent'], false);
    // Who is put up with is known only when the ring was asked.
    const unready = level === 'fully replicated' ? this.#unready(pods, pod, new Set()) : undefined;
    if (unready) return unready;
    const answer = this.#isFresh(step) ? await this.#again(step, pods) : await this.#first(step, pods);
    if (answer.kind !== 'yes') this.#held = undefined;
    return answer;
  }

  async #first(step: PlannedStep, pods: FoundPods): Promise<Answer> {
    const handedOn = this.#handedOn;
    this.#handedOn = undefined;
    if (handedOn && this.#ring.now() - handedOn.askedAt < FULL_READING_MS) {
      const answer = await this.#judge(step, pods, handedOn);
      // What speaks against it is asked for anew.
      if (answer.kind === 'yes') return answer;
    }
    const reading = await this.#ring.full(pods);
    return this.#judge(step, pods, { reading, askedAt: this.#ring.now() });
  }

  async #judge(step: PlannedStep, pods: FoundPods, { reading, askedAt }: FreshReading): Promise<Answer> {
    const { pod } = parametersOf(step);
    const departure = this.#departure(pod);
    const stranger = this.#stranger(step, reading);
    if (stranger) return stranger;
    const unready = this.#unready(pods, pod, excusedMembers(reading.ring, pod, departure.level));
    if (unready) return unready;
    const obstacles = obstaclesTo(departure, reading);
    const exact = obstacles.some(({ kind }) => kind === 'quorum')
      ? await this.#exactly(departure, reading, pods)
      : obstacles;
    if (exact.length > 0) return obstructed(exact, reading);
    this.#held = { step: step.id, at: askedAt, reading };
    const evidence = `every node sees the ${reading.ring.nodes.length} nodes up and normal, on one schema, and nothing moves`;
    return { kind: 'yes', evidence };
  }

  /** What a full reading said a moment ago, asked of the views once more. */
  async #again(step: PlannedStep, pods: FoundPods): Promise<Answer> {
    const { pod } = parametersOf(step);
    const departure = this.#departure(pod);
    const isDrained = this.#held !== undefined && memberNode(this.#held.reading, pod)?.verdict === 'drained';
    const reading = await this.#ring.views(pods, { pod, isModeAsked: isDrained });
    const unready = this.#unready(pods, pod, excusedMembers(reading.ring, pod, departure.level));
    if (unready) return unready;
    const losses = lossesOf(departure, { ...reading, keyspaces: this.#held?.reading.keyspaces });
    const isWorse = losses.some(({ keyspace }) => !departure.consented.has(keyspace)) && !this.#sameAway(reading, pod);
    const obstacles = viewObstacles(departure, reading);
    if (obstacles.length > 0) return obstructed(obstacles, reading);
    if (isWorse) return waiting('the ring to be asked for everything again', [], true);
    return { kind: 'yes', evidence: `every node still sees the ${reading.ring.nodes.length} nodes up and normal` };
  }

  /** Racks did not settle it, so the ranges are looked at. */
  async #exactly(departure: Departure, reading: RingReading, pods: FoundPods): Promise<readonly Obstacle[]> {
    const keyspaces = lossesOf(departure, reading).map(({ keyspace }) => keyspace);
    return obstaclesTo(departure, reading, await this.#ring.ranges(pods, keyspaces));
  }

  #sameAway(reading: RingReading, pod: string): boolean {
    const away = ({ ring }: RingReading): string =>
      [...excusedMembers(ring, pod, this.#target.level)].toSorted().join(' ');
    return this.#held !== undefined && away(this.#held.reading) === away(reading);
  }

  #isFresh({ id }: PlannedStep): boolean {
    const held = this.#held;
    return held?.step === id && this.#ring.now() - held.at < FULL_READING_MS;
  }

  #departure(target: string): Departure {
    const { level, consented } = this.#target;
    return { target, members: this.#ring.nodes.map(({ pod }) => pod), level, consented };
  }

  #unready(pods: FoundPods, target: string, excused: ReadonlySet<string>): Answer | undefined {
    for (const { pod: name } of this.#ring.nodes) {
      const pod = pods.of(name);
      const isWell = pod?.isReady === true && pod.meta.deletedAt === undefined;
      if (name === target || isWell || excused.has(name)) continue;
      const trouble = pod && hopelessTrouble(pod, this.#ring.now());
      if (trouble !== undefined) return { kind: 'stop', reason: `${name} ${trouble}`, fix: `Repair ${name} first.` };
      return waiting(`${name} to be ready`, [name, pod?.phase ?? 'absent'], false);
    }
    return undefined;
  }

  /** Whether the nodes that answer are those of the plan. */
  #stranger(step: PlannedStep, reading: RingReading): Answer | undefined {
    const { ringName } = this.#target;
    const other = ringName === '' ? undefined : reading.clusterNames.find((name) => name !== ringName);
    if (other !== undefined) {
      const reason = `A node belongs to the Cassandra cluster ${other}; the plan was made for ${ringName}.`;
      return { kind: 'stop', reason, fix: 'Make a new plan.' };
    }
    const { pod, hostId } = parametersOf(step);
    const own = reading.answers.find(({ member }) => member === pod)?.info?.hostId ?? '';
    if (own === '' || hostId === '' || own === hostId) return undefined;
    const reason = `${pod} has the Host ID ${own}; it was ${hostId} when the plan was made.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }

  /**
   * Resolves with why it failed, or undefined. A command that takes longer than a batch allows goes on in the node; what becomes of it
   * is seen by the Mode. From 5.0 on the end of CQL waits for requests under way; before, it cuts them, as the drain does anyway.
   */
  async drain(pod: LivePod, version: string): Promise<string | undefined> {
    const close = isFrom5(version) ? [{ name: 'binary', args: ['disablebinary'] }] : [];
    const batch = await this.#ring.door.run(pod, [...close, { name: 'drain', args: ['drain'] }]);
    const result = batch?.results.get('drain');
    const failure = result && failureOf(result);
    return failure && failure.kind !== 'timeout' ? failure.text : undefined;
  }
}

const isFrom5 = (version: string): boolean => Number(/^(\d+)\./.exec(version)?.[1] ?? 0) >= 5;

function obstructed(obstacles: readonly Obstacle[], { ring }: RingReading): Answer {
  const texts = obstacles.map(({ text }) => text);
  const moved = ring.nodes.flatMap(({ streams }) =>
    streams.flatMap(({ sessions }) =>
      sessions.map(({ sending, receiving }) => (sending?.doneBytes ?? 0) + (receiving?.doneBytes ?? 0)),
    ),
  );
  return waiting(`the ring to be whole: ${named(texts)}`, [...texts, ...moved], false);
}
