import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, RunRecord, StepRecord, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { CONFIG_BROKER } from '#core/systems/kafka/admin.ts';
import { FOUND_MOVES, movesData, readMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { few, waiting, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import {
  changeSettings,
  readSettings,
  type Change,
  type Settings,
} from '#core/systems/kafka/operations/moves/settings.ts';
import { stageOf } from '#core/systems/kafka/operations/moves/stage.ts';
import {
  changeToApply,
  changeToRestore,
  readValues,
  wantedThrottles,
  writeValues,
  type Wanted,
} from '#core/systems/kafka/operations/moves/throttles.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

type Memory = StepRecord['memory'];

interface Changes {
  readonly changes: readonly Change[];
  readonly silent: Settings['silent'];
}

/** Where a step keeps the values of throttles before it changed them. */
const PRIOR = 'prior';

/**
 * The throttle of a run. Values of before are remembered once, before anything is changed: whoever goes on with the run finds its own
 * throttle in place and must not take it for somebody else's.
 */
export class Throttle {
  readonly #run: MovesRun;

  constructor(run: MovesRun) {
    this.#run = run;
  }

  /** What is to be remembered before moves are throttled. */
  async prior(moves: readonly Move[], memory: Memory): Promise<Memory> {
    if (memory[PRIOR] !== undefined) return { [PRIOR]: memory[PRIOR] };
    const { values, silent } = await this.#read(this.#wanted(moves));
    const [first] = silent;
    if (first) throw new ClusterProblem('unreachable', `Broker ${first[0]} does not tell its throttle: ${first[1]}`);
    return { [PRIOR]: writeValues(values) };
  }

  /** Where it is not yet as it has to be, brokers that do not tell among them. */
  async missing(moves: readonly Move[]): Promise<readonly string[]> {
    const { changes, silent } = await this.#changesTo(moves);
    return [...changes.map(describe), ...[...silent.keys()].map((id) => `broker ${id}`)];
  }

  async apply(moves: readonly Move[]): Promise<void> {
    const { changes } = await this.#changesTo(moves);
    await changeSettings(this.#run.target.door, changes);
  }

  /** Puts back what was there before; says what could not be. */
  async restore(memories: readonly Memory[]): Promise<readonly string[]> {
    const notes: string[] = [];
    // The last first, so that what was found first is what stays.
    for (const memory of memories.toReversed()) {
      if (memory[PRIOR] === undefined) continue;
      notes.push(...(await this.#restoreOne(this.movesOf(memory), memory)));
    }
    return [...new Set(notes)];
  }

  /** Where it is not yet as it was, brokers that cannot be asked among them. */
  async left(memories: readonly Memory[]): Promise<readonly string[]> {
    const left: string[] = [];
    for (const memory of memories) {
      if (memory[PRIOR] === undefined) continue;
      const { changes, silent } = await this.#changesBack(this.movesOf(memory), memory);
      left.push(...changes.map(describe), ...[...silent.keys()].map((id) => `broker ${id}`));
    }
    return [...new Set(left)];
  }

  movesOf(memory: Memory): readonly Move[] {
    return memory[FOUND_MOVES] === undefined ? this.#run.target.moves : readMoves(memory[FOUND_MOVES]);
  }

  async #restoreOne(moves: readonly Move[], memory: Memory): Promise<readonly string[]> {
    const { changes, silent } = await this.#changesBack(moves, memory);
    await changeSettings(this.#run.target.door, changes);
    return [...silent].map(
      ([id, reason]) =>
        `The throttle of broker ${id} could not be put back (${reason}); do it once the broker is there: kafka-configs --alter --entity-type brokers --entity-name ${id} --delete-config leader.replication.throttled.rate,follower.replication.throttled.rate`,
    );
  }

  async #changesTo(moves: readonly Move[]): Promise<Changes> {
    const wanted = this.#wanted(moves);
    const { values, silent, gone } = await this.#read(wanted);
    const changes = wanted.filter(isThere(silent, gone)).flatMap((one) => {
      const change = changeToApply(one, values);
      return change ? [{ ...placeOf(one), change }] : [];
    });
    return { changes, silent };
  }

  async #changesBack(moves: readonly Move[], memory: Memory): Promise<Changes> {
    const wanted = this.#wanted(moves);
    const prior = readValues(memory[PRIOR]);
    const { values, silent } = await this.#read(wanted);
    const changes = wanted.flatMap((one) => {
      const change = changeToRestore(one, prior, values);
      return change ? [{ ...placeOf(one), change }] : [];
    });
    return { changes, silent };
  }

  async #read(wanted: readonly Wanted[]): Promise<Settings> {
    const { door } = this.#run.target;
    const { brokers } = await door.state(undefined);
    return readSettings(door, wanted, brokers);
  }

  #wanted(moves: readonly Move[]): readonly Wanted[] {
    const { throttle } = this.#run.target;
    return throttle === undefined ? [] : wantedThrottles(moves, throttle);
  }
}

/** Copying is throttled before it begins. */
export class ThrottleStep implements StepKind {
  readonly #run: MovesRun;
  readonly #throttle: Throttle;

  constructor(run: MovesRun, throttle: Throttle) {
    this.#run = run;
    this.#throttle = throttle;
  }

  /** In place, or of no use any more. */
  async isDone(context: StepContext): Promise<boolean> {
    const view = await this.#run.view();
    const isOver = this.#moves.every((move) => !['waiting', 'moving'].includes(stageOf(move, view)));
    return isOver || this.hasActed(context);
  }

  async hasActed({ memory }: StepContext): Promise<boolean> {
    return memory[PRIOR] !== undefined && (await this.#throttle.missing(this.#moves)).length === 0;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#throttle.prior(this.#moves, memory);
  }

  async gate(): Promise<Answer> {
    const view = await this.#run.view();
    return (
      this.#run.obstacle(view) ?? { kind: 'yes', evidence: 'every broker is there and nobody else moves anything' }
    );
  }

  act(): Promise<ActOutcome> {
    return this.#run.perform(() => this.#throttle.apply(this.#moves));
  }

  async awaited(): Promise<Answer> {
    const missing = await this.#throttle.missing(this.#moves);
    if (missing.length === 0) return { kind: 'yes', evidence: 'every broker tells the throttle' };
    return waiting(`the throttle on ${few(missing)}`, [missing.length]);
  }

  finish({ memory }: StepContext): Promise<readonly string[]> {
    const before = readValues(memory[PRIOR]);
    return Promise.resolve(before.size === 0 ? [] : [`Throttles of before, put back at the end: ${before.size}`]);
  }

  /** A run that ends early; see Procedure. */
  async leave(_state: unknown, record: RunRecord): Promise<readonly string[]> {
    if (this.#run.strangers(await this.#run.view())) return [];
    return this.#throttle.restore(record.steps.map(({ memory }) => memory));
  }

  get #moves(): readonly Move[] {
    return this.#run.target.moves.filter(movesData);
  }
}

/**
 * The throttle is taken off, whatever was there before is there again. A broker that is away is waited for: nobody else could take off
 * its throttle, and it would be slow to catch up once it is back.
 */
export class UnthrottleStep implements StepKind {
  readonly #run: MovesRun;
  readonly #throttle: Throttle;

  constructor(run: MovesRun, throttle: Throttle) {
    this.#run = run;
    this.#throttle = throttle;
  }

  async isDone({ memories = {} }: StepContext): Promise<boolean> {
    return (await this.#throttle.left(Object.values(memories))).length === 0;
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({});
  }

  gate(): Promise<Answer> {
    return Promise.resolve({ kind: 'yes', evidence: 'nothing is copied any more' });
  }

  act({ memories = {} }: StepContext): Promise<ActOutcome> {
    return this.#run.perform(() => this.#throttle.restore(Object.values(memories)));
  }

  async awaited({ memories = {} }: StepContext): Promise<Answer> {
    const all = Object.values(memories);
    const left = await this.#throttle.left(all);
    if (left.length === 0) return { kind: 'yes', evidence: 'throttles are as they were' };
    await this.#throttle.restore(all);
    return waiting(`${few(left)} to have the throttle of before`, left.slice(0, 10));
  }

  finish(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}

const placeOf = ({ type, name, key }: Wanted): Omit<Change, 'change'> => ({ type, name, key });

const isThere =
  (silent: Settings['silent'], gone: Settings['gone']) =>
  ({ type, name }: Wanted): boolean =>
    type === CONFIG_BROKER ? !silent.has(Number(name)) : !gone.has(name);

function describe({ type, name }: Change): string {
  return type === CONFIG_BROKER ? `broker ${name}` : `topic ${name}`;
}
