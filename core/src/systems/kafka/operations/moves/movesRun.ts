import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import {
  KAFKA_ERRORS,
  nameOfKafkaError,
  type AlterPartitionReassignmentsAnswer,
  type AlterPartitionReassignmentsRequest,
} from '#core/systems/kafka/admin.ts';
import { partitionName, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { otherKafka } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import { foreignMoves, viewOf, type MovesView } from '#core/systems/kafka/operations/moves/stage.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

export interface MovesTarget {
  readonly clock: Clock;
  readonly door: KafkaDoor;
  readonly kafkaClusterId: string;
  /** Every broker there has to be. */
  readonly brokers: readonly number[];
  /** Of every step of the plan. */
  readonly moves: readonly Move[];
  /** Bytes a second for each broker; undefined when nothing is copied. */
  readonly throttle: number | undefined;
  /** Brokers that shall hold nothing afterwards. */
  readonly leaving: readonly number[];
  /** Partitions whose preferred leader is to lead at the end. */
  readonly isElected: (partition: PartitionState) => boolean;
}

/** A partition and the list to ask for; null takes back what is under way. */
export interface Order {
  readonly move: Move;
  readonly replicas: readonly number[] | null;
}

/** Partitions in one request. */
const BATCH = 200;

/** What the steps of one run share: the way in, and what was refused since this program began. */
export class MovesRun {
  readonly target: MovesTarget;
  /** Partitions whose move Kafka refused, with the reason. Another program asks once more. */
  readonly refused = new Map<string, string>();

  #failingSince: number | undefined;

  constructor(target: MovesTarget) {
    this.target = target;
  }

  /**
   * Does what a step is for. A refusal that no waiting changes ends the run; an error that may pass is tried again for a while, by whoever
   * called: an act that goes wrong is no reason to believe that the next one will.
   */
  async perform(work: () => Promise<unknown>): Promise<ActOutcome> {
    try {
      await work();
      this.#failingSince = undefined;
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      const now = this.target.clock.now();
      this.#failingSince ??= now;
      if (mayPass.has(error.kind) && now - this.#failingSince < PATIENCE_MS) throw error;
      return {
        kind: 'stop',
        reason: `${error.message}.`,
        fix: 'Ask for the right, or see what refuses it; then resume.',
      };
    }
  }

  /** The list first: what ends in between is then told as under way and as there, never as not begun. @throws ClusterProblem */
  async view(): Promise<MovesView> {
    const { door } = this.target;
    const { partitions } = await door.ask('ListPartitionReassignments', {});
    return viewOf(await door.state(undefined), partitions);
  }

  /** Whether the brokers that answer are those of the plan. */
  strangers({ state }: MovesView): Answer | undefined {
    return otherKafka(state, this.target.kafkaClusterId);
  }

  /** What keeps anything from being begun. `moves` are ours. */
  obstacle(view: MovesView, moves: readonly Move[] = this.target.moves): Answer | undefined {
    return this.strangers(view) ?? this.missingBrokers(view) ?? leaderless(view) ?? movedByOthers(view, moves);
  }

  missingBrokers({ state: { brokers } }: MovesView): Answer | undefined {
    const missing = this.target.brokers.filter((id) => !brokers.includes(id));
    if (missing.length === 0) return undefined;
    return waiting(`broker ${missing.join(', ')} to be registered and unfenced`, missing);
  }

  /** Asks for other lists of replicas. What is refused for good is remembered. Resolves with how many were taken. @throws ClusterProblem */
  async alter(orders: readonly Order[]): Promise<number> {
    let taken = 0;
    for (let start = 0; start < orders.length; start += BATCH) {
      const batch = orders.slice(start, start + BATCH);
      const { partitions } = await this.#send({ topics: byTopic(batch) });
      for (const { topic, index, errorCode, message } of partitions) {
        if (errorCode === KAFKA_ERRORS.NONE) taken += 1;
        else if (!passing.has(errorCode))
          this.refused.set(
            partitionName({ topic, index }),
            message === '' ? nameOfKafkaError(errorCode) : `${nameOfKafkaError(errorCode)}, ${message}`,
          );
      }
    }
    return taken;
  }

  /** With ZooKeeper only the controller takes it; it may be another one by now. */
  async #send(request: AlterPartitionReassignmentsRequest): Promise<AlterPartitionReassignmentsAnswer> {
    const { door } = this.target;
    try {
      const answer = await door.ask('AlterPartitionReassignments', request);
      if (answer.partitions.every(({ errorCode }) => errorCode !== KAFKA_ERRORS.NOT_CONTROLLER)) return answer;
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'busy') throw error;
    }
    const { controllerId } = await door.ask('Metadata', { topics: [] });
    return door.askBroker(controllerId, 'AlterPartitionReassignments', request);
  }

  /** Partitions of the plan whose preferred leader could lead and does not. */
  toElect({ state }: MovesView): readonly PartitionState[] {
    return state.partitions.filter((one) => this.target.isElected(one) && isLedByAnother(one));
  }
}

const mayPass = new Set<ClusterProblem['kind']>(['unreachable', 'busy', 'server', 'cancelled']);
const PATIENCE_MS = 120_000;

/** Not refusals of the move: it may be asked for again, or is seen in Metadata, or was over before. */
const passing = new Set<number>([
  KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERRORS.NOT_CONTROLLER,
  KAFKA_ERRORS.REQUEST_TIMED_OUT,
  KAFKA_ERRORS.THROTTLING_QUOTA_EXCEEDED,
  KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS,
]);

export function isLedByAnother({ replicas, leader, isr }: PartitionState): boolean {
  const [preferred = -1] = replicas;
  return leader !== preferred && isr.includes(preferred);
}

function leaderless({ state: { partitions } }: MovesView): Answer | undefined {
  const names = partitions.filter(({ leader }) => leader < 0).map(partitionName);
  return names.length === 0 ? undefined : waiting(`${few(names)} to have a leader`, names.slice(0, 10));
}

function movedByOthers(view: MovesView, moves: readonly Move[]): Answer | undefined {
  const names = foreignMoves(moves, view);
  return names.length === 0
    ? undefined
    : waiting(`${few(names)}, which somebody else moves`, [names.length, ...names.slice(0, 10)]);
}

function byTopic(orders: readonly Order[]): AlterPartitionReassignmentsRequest['topics'] {
  return [...groupBy(orders, ({ move }) => move.topic)].map(([name, of]) => ({
    name,
    partitions: of.map(({ move, replicas }) => ({ index: move.index, replicas })),
  }));
}

export function waiting(waitingFor: string, measure: readonly (number | string)[]): Answer {
  return { kind: 'wait', waitingFor, measure, isNear: false };
}

/** The first few, and how many more. */
export function few(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most).join(', ');
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
