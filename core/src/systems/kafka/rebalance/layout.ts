import type { Move, RebalanceInput, RebalancePartition } from '#core/systems/kafka/rebalance/model.ts';
import { comparePartitions, compareTexts } from '#core/systems/kafka/rebalance/order.ts';

/** A disk is planned to be no fuller than this, also while old and new copies both exist. */
export const DISK_LIMIT = 0.8;

/** A broker and what the plan so far puts on it. Brokers are named by their place in the list, which is sorted by id. */
export interface Seat {
  readonly id: number;
  /** Place in the list of racks. */
  readonly rack: number;
  readonly isTarget: boolean;
  /** Bytes of its disks; undefined when it does not tell. */
  readonly totalBytes: number | undefined;
  /** Places of the partitions of which it has a replica. */
  readonly held: Set<number>;
  /** Bytes of its replicas. */
  bytes: number;
  /** What fills its disks, whosever it is: once the plan is done, and when all that comes is there and nothing has gone. */
  usedBytes: number;
  peakBytes: number;
}

/** A partition and where the plan so far puts its replicas. */
export interface Placed {
  readonly source: RebalancePartition;
  readonly position: number;
  /** Place in the list of topics. */
  readonly topic: number;
  readonly bytes: number;
  readonly before: readonly number[];
  readonly after: number[];
  readonly isr: readonly number[];
}

/**
 * An assignment that is being changed, with its sums. The lists are sorted, so the order of the input changes nothing. Replicas on
 * brokers that the input does not list get a seat too: nobody knows their rack, and nothing is put there.
 */
export class Layout {
  readonly seats: readonly Seat[];
  readonly partitions: readonly Placed[];
  /** Names, by place. */
  readonly topics: readonly string[];
  /** Replicas of a topic on a broker, by place of the topic, then of the broker. */
  readonly topicCounts: readonly Int32Array[];

  constructor(input: RebalanceInput) {
    this.seats = seatsOf(input);
    this.topics = [...new Set(input.partitions.map(({ topic }) => topic))].toSorted(compareTexts);
    this.partitions = placedOf(input, this.topics, this.seats);
    this.topicCounts = this.topics.map(() => new Int32Array(this.seats.length));
    for (const placed of this.partitions) for (const broker of placed.after) this.#hold(placed, broker, 1);
  }

  seat(broker: number): Seat {
    return present(this.seats[broker]);
  }

  partition(position: number): Placed {
    return present(this.partitions[position]);
  }

  topicCount(topic: number, broker: number): number {
    return this.topicCounts[topic]?.[broker] ?? 0;
  }

  /** Places of the brokers with these numbers; those that do not exist are left out. */
  placesOf(ids: readonly number[]): ReadonlySet<number> {
    return new Set(this.seats.flatMap(({ id }, place) => (ids.includes(id) ? [place] : [])));
  }

  /** Gives the replica of one broker to another, at the same place in the list. */
  replace(placed: Placed, from: number, to: number): void {
    placed.after[placed.after.indexOf(from)] = to;
    this.#move(placed, from, -1);
    this.#move(placed, to, 1);
  }

  /** Puts a replica first, so that it is the preferred leader; the others keep their order. */
  prefer(placed: Placed, broker: number): void {
    const at = placed.after.indexOf(broker);
    placed.after.splice(at, 1);
    placed.after.unshift(broker);
  }

  /** Gives the same replicas another order. */
  reorder(placed: Placed, order: readonly number[]): void {
    placed.after.splice(0, placed.after.length, ...order);
  }

  /** How many racks have a replica, as if `from` had given its own to `to`. */
  racksWith(placed: Placed, from = -1, to = -1): number {
    const { after } = placed;
    let racks = 0;
    for (let at = 0; at < after.length; at += 1) {
      const rack = this.#rackOf(after[at], from, to);
      let isNew = true;
      for (let earlier = 0; earlier < at && isNew; earlier += 1) {
        isNew = this.#rackOf(after[earlier], from, to) !== rack;
      }
      if (isNew) racks += 1;
    }
    return racks;
  }

  /** Another copy fits on its disks, also at the peak; always where it does not tell how large they are. */
  hasRoom(broker: number, placed: Placed): boolean {
    return placed.before.includes(broker) || this.hasRoomFor(broker, placed.bytes);
  }

  hasRoomFor(broker: number, bytes: number): boolean {
    const { totalBytes, peakBytes } = this.seat(broker);
    return totalBytes === undefined || peakBytes + bytes <= totalBytes * DISK_LIMIT;
  }

  /** What differs from the assignment of before. */
  moves(): readonly Move[] {
    const ids = (brokers: readonly number[]): readonly number[] => brokers.map((broker) => this.seat(broker).id);
    return this.partitions.filter(isChanged).map(({ source: { topic, index, bytes }, before, after }) => {
      return { topic, index, before: ids(before), after: ids(after), bytes };
    });
  }

  #rackOf(broker: number | undefined, from: number, to: number): number {
    return this.seat(broker === from ? to : (broker ?? -1)).rack;
  }

  #hold(placed: Placed, broker: number, sign: 1 | -1): Seat {
    const seat = this.seat(broker);
    if (sign > 0) seat.held.add(placed.position);
    else seat.held.delete(placed.position);
    seat.bytes += sign * placed.bytes;
    const counts = present(this.topicCounts[placed.topic]);
    counts[broker] = (counts[broker] ?? 0) + sign;
    return seat;
  }

  #move(placed: Placed, broker: number, sign: 1 | -1): void {
    const seat = this.#hold(placed, broker, sign);
    seat.usedBytes += sign * placed.bytes;
    if (!placed.before.includes(broker)) seat.peakBytes += sign * placed.bytes;
  }
}

export function isChanged({ before, after }: Placed): boolean {
  return before.some((broker, at) => after[at] !== broker);
}

/** Brokers that have a replica now and had none before. */
export function added({ before, after }: Placed): readonly number[] {
  return after.filter((broker) => !before.includes(broker));
}

function seatsOf({ brokers, partitions }: RebalanceInput): readonly Seat[] {
  const known = new Map(brokers.map((broker) => [broker.id, broker]));
  const ids = new Set([...known.keys(), ...partitions.flatMap(({ replicas, isr }) => [...replicas, ...isr])]);
  const racks = [...new Set(brokers.map(({ rack }) => rack)), ''];
  return [...ids]
    .toSorted((a, b) => a - b)
    .map((id) => {
      const { rack = '', isTarget = false, totalBytes, usableBytes } = known.get(id) ?? {};
      const isTold = totalBytes !== undefined && usableBytes !== undefined && totalBytes > 0;
      const used = isTold ? totalBytes - usableBytes : 0;
      return {
        id,
        rack: racks.indexOf(rack),
        isTarget,
        totalBytes: isTold ? totalBytes : undefined,
        held: new Set(),
        bytes: 0,
        usedBytes: used,
        peakBytes: used,
      };
    });
}

function placedOf(input: RebalanceInput, topics: readonly string[], seats: readonly Seat[]): readonly Placed[] {
  const topicPlaces = new Map(topics.map((topic, place) => [topic, place]));
  const places = new Map(seats.map(({ id }, place) => [id, place]));
  const placesOf = (ids: readonly number[]): number[] => ids.map((id) => places.get(id) ?? -1);
  return input.partitions.toSorted(comparePartitions).map((source, position) => ({
    source,
    position,
    topic: topicPlaces.get(source.topic) ?? -1,
    bytes: source.bytes,
    before: placesOf(source.replicas),
    after: placesOf(source.replicas),
    isr: placesOf(source.isr),
  }));
}

/** What a place names is there: places are made here and nowhere else. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('No such place in the layout');
  return value;
}
