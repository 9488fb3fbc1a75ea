import { duration } from '#core/live/durations.ts';
import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import { sizeText } from '#core/live/sizes.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { addedBy } from '#core/systems/kafka/rebalance/summary.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

/** How far the copies are. */
export interface Copied {
  /** Of all moves of the step, those that are over included; undefined where brokers do not tell. */
  readonly bytes: number | undefined;
  /** Bytes a second lately; undefined at first. */
  readonly rate: number | undefined;
  /** What is furthest from its end: `orders-4: 1.2 GiB of 4.0 GiB on broker 2`. */
  readonly text: string;
}

export interface Copying {
  readonly moved: readonly Move[];
  readonly moving: readonly Move[];
}

/** Asking a broker for the sizes of thousands of replicas is work for it. */
const SIZES_KEPT_MS = 5000;
/** Over which time a rate is measured. */
const RATE_MS = 60_000;

/** Measures copies by what the receiving brokers have on their disks. */
export class CopyMeter {
  readonly #door: KafkaDoor;
  readonly #clock: Clock;
  #sizes: ReadonlyMap<string, number> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #rate: number | undefined;
  #samples: readonly { readonly at: number; readonly bytes: number }[] = [];

  constructor(door: KafkaDoor, clock: Clock) {
    this.#door = door;
    this.#clock = clock;
  }

  async measure({ moved, moving }: Copying): Promise<Copied> {
    const copies = moving.flatMap((move) => addedBy(move).map((broker) => ({ move, broker })));
    const isFresh = await this.#refresh([...new Set(copies.map(({ broker }) => broker))]);
    const sizes = this.#sizes;
    if (!sizes) return { bytes: undefined, rate: undefined, text: textOf(copies[0]) };
    const sized = copies.map((copy) => ({
      ...copy,
      there: Math.min(copy.move.bytes, sizes.get(sizeKey(copy.move, copy.broker)) ?? 0),
    }));
    const over = moved.reduce((sum, move) => sum + move.bytes * addedBy(move).length, 0);
    const bytes = over + sized.reduce((sum, { there }) => sum + there, 0);
    const [furthest] = sized.toSorted((a, b) => b.move.bytes - b.there - (a.move.bytes - a.there));
    // Between two looks at the disks nothing is known to have moved.
    if (isFresh) this.#sample(bytes);
    return { bytes, rate: this.#rate, text: textOf(furthest) };
  }

  /** Whether it has looked. A broker that does not tell counts with what it told before; without any answer nothing is known. */
  async #refresh(brokers: readonly number[]): Promise<boolean> {
    const now = this.#clock.now();
    if (now - this.#readAt < SIZES_KEPT_MS) return false;
    const found = new Map(this.#sizes ?? []);
    let isTold = brokers.length === 0 || this.#sizes !== undefined;
    for (const broker of brokers) {
      try {
        const { dirs } = await this.#door.askBroker(broker, 'DescribeLogDirs', {});
        for (const { name, sizes } of dirs.flatMap(({ topics }) => topics)) {
          for (const { index, bytes } of sizes) found.set(sizeKey({ topic: name, index }, broker), bytes);
        }
        isTold = true;
      } catch (error) {
        if (!(error instanceof ClusterProblem)) throw error;
      }
    }
    this.#readAt = now;
    this.#sizes = isTold ? found : undefined;
    return isTold;
  }

  #sample(bytes: number): void {
    const now = this.#clock.now();
    this.#samples = [...this.#samples.filter(({ at }) => now - at <= RATE_MS), { at: now, bytes }];
    const [first] = this.#samples;
    if (first && now > first.at) this.#rate = Math.max(0, ((bytes - first.bytes) / (now - first.at)) * 1000);
  }
}

/** `12 MiB/s, about 4 min left`; empty while it is not known. */
export function paceText(rate: number | undefined, bytesLeft: number): string {
  if (rate === undefined || rate <= 0) return '';
  return `, ${sizeText(rate)}/s, about ${duration((bytesLeft / rate) * 1000)} left`;
}

interface Copy {
  readonly move: Move;
  readonly broker: number;
  readonly there?: number;
}

function textOf(copy: Copy | undefined): string {
  if (!copy) return '';
  const { move, broker, there } = copy;
  if (there === undefined) return `${partitionName(move)} on broker ${broker}`;
  return `${partitionName(move)}: ${sizeText(there)} of ${sizeText(move.bytes)} on broker ${broker}`;
}

function sizeKey(partition: { readonly topic: string; readonly index: number }, broker: number): string {
  return `${partitionName(partition)} ${broker}`;
}
