import type { Answer, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import { sleep } from '#core/operations/poller.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { brakeOf } from '#core/systems/kafka/operations/moves/brake.ts';
import { CopyMeter, paceText } from '#core/systems/kafka/operations/moves/copying.ts';
import { FOUND_MOVES, isSameOrder, movesData, readMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { few, isLedByAnother, waiting, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { stageOf, type MovesView, type Stage } from '#core/systems/kafka/operations/moves/stage.ts';
import { nextMoves, phases } from '#core/systems/kafka/rebalance/feeding.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { addedBy } from '#core/systems/kafka/rebalance/summary.ts';

/** The moves of a step by how far they are. */
type Stages = Readonly<Record<Stage, readonly Move[]>>;

/**
 * Moves the data of some partitions:
 *
 * 1. It begins as many moves as there are slots, small ones first, and the next whenever one ends: at most five come in to a broker and
 *    five go out of it. Nothing new is begun while a broker is missing, somebody else moves something, or a partition has too few replicas
 *    in sync; near that half as many are.
 * 2. A partition is asked to have its new replicas with a warm one first. Kafka adds them, waits until all are in sync, and takes the
 *    old ones away. So no partition ever has fewer copies because of us.
 * 3. It is over when every partition has the replicas of the plan, or the reason why not is known: the topic was deleted, Kafka refused,
 *    somebody else decided otherwise.
 * 4. When it is cancelled, what is under way goes back: its old replicas are still there.
 */
export class MoveStep implements StepKind {
  readonly #run: MovesRun;
  readonly #meter: CopyMeter;

  constructor(run: MovesRun) {
    this.#run = run;
    this.#meter = new CopyMeter(run.target.door, run.target.clock);
  }

  async isDone(context: StepContext): Promise<boolean> {
    const view = await this.#run.view();
    if (this.#run.strangers(view)) return false;
    const { waiting: pending, moving } = this.#stages(context, view);
    return pending.length === 0 && moving.length === 0;
  }

  /** Something is under way. What was moved before and what is still to be begun go through the gate again. */
  async hasActed(context: StepContext): Promise<boolean> {
    const view = await this.#run.view();
    return this.#run.strangers(view) === undefined && this.#stages(context, view).moving.length > 0;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const view = await this.#run.view();
    return (
      this.obstacle(context, view) ?? { kind: 'yes', evidence: `${view.state.partitions.length} partitions are well` }
    );
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#run.perform(async () => this.#begin(context, await this.#run.view()));
  }

  async awaited(context: StepContext): Promise<Answer> {
    const view = await this.#run.view();
    const stranger = this.#run.strangers(view);
    if (stranger) return stranger;
    const stages = this.#stages(context, view);
    if (this.#toBegin(stages).length === 0 && stages.moving.length === 0) {
      return { kind: 'yes', evidence: `${stages.moved.length} partitions are where they should be` };
    }
    const obstacle = this.#toBegin(stages).length > 0 ? this.obstacle(context, view) : undefined;
    if (obstacle === undefined) await this.#begin(context, view);
    return this.#progress(stages, view, obstacle?.kind === 'wait' ? obstacle : undefined);
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    if (this.moves(context).length === 0) return [];
    const stages = this.#stages(context, await this.#run.view());
    return [
      `${stages.moved.length} of ${this.moves(context).length} partitions are where they should be`,
      ...this.#leftBehind(stages),
    ];
  }

  canAbort(): boolean {
    return true;
  }

  /**
   * What is under way gets its old replicas back, then their old order, which Kafka does not remember (measured on 4.3), and who led
   * before leads again. Error 85 says that a move is over already, one way or the other.
   */
  abort(context: StepContext): Promise<readonly string[]> {
    return this.#takeBack(this.moves(context));
  }

  /** What is under way goes back, whichever step began it; what was moved stays: it is whole where it is. */
  async leave(state: RunState, { steps }: RunRecord): Promise<readonly string[]> {
    const view = await this.#run.view();
    if (this.#run.strangers(view)) return [];
    const moves = [...this.#run.target.moves, ...steps.flatMap(({ memory }) => readMoves(memory[FOUND_MOVES]))];
    const isLeft = moves.some((move) => view.moving.has(partitionName(move)) && stageOf(move, view) === 'moving');
    const notes = isLeft && state.kind === 'cancelled' ? await this.#takeBack(moves) : [];
    const moved = moves.filter((move) => movesData(move) && stageOf(move, view) === 'moved').length;
    if (moved === 0) return notes;
    return [
      ...notes,
      `${moved} partitions were moved and stay where they are; the rollback file of the plan puts them back`,
    ];
  }

  async #takeBack(moves: readonly Move[]): Promise<readonly string[]> {
    const view = await this.#run.view();
    if (this.#run.strangers(view)) return [];
    const moving = stagesOf(moves, view).moving.filter((move) => view.moving.has(partitionName(move)));
    this.#run.refused.clear();
    await this.#run.alter(moving.map((move) => ({ move, replicas: null })));
    const kept = moving.filter((move) => this.#run.refused.has(partitionName(move)));
    await this.#settled(moving.filter((move) => !kept.includes(move)));
    await this.#restoreOrder(moves);
    return [
      `${moving.length - kept.length} partitions that were being moved have their old replicas back`,
      ...kept.map((move) => {
        const reason = this.#run.refused.get(partitionName(move)) ?? '';
        return `${partitionName(move)} cannot go back and goes on to ${move.after.join(', ')}: ${reason}`;
      }),
    ];
  }

  /** Brokers hear of it a moment after the controller has done it. */
  async #settled(moves: readonly Move[]): Promise<void> {
    for (let times = 0; times < SETTLING_TIMES; times += 1) {
      if (stagesOf(moves, await this.#run.view()).moving.length === 0) return;
      await sleep(this.#run.target.clock, SETTLING_MS);
    }
  }

  async #restoreOrder(moves: readonly Move[]): Promise<void> {
    const view = await this.#run.view();
    const back = stagesOf(moves.filter(movesData), view).waiting.filter((move) => {
      const present = view.partitions.get(partitionName(move));
      return present !== undefined && !isSameOrder(present.replicas, move.before);
    });
    await this.#run.alter(back.map((move) => ({ move, replicas: move.before })));
    const names = new Set(back.map(partitionName));
    const { state } = await this.#run.view();
    const toElect = state.partitions.filter((one) => names.has(partitionName(one)) && isLedByAnother(one));
    if (toElect.length > 0) await this.#run.target.door.electPreferred(toElect);
  }

  /** Those that the step is about. */
  protected moves({ step }: StepContext): readonly Move[] {
    return readMoves(step.parameters['moves']);
  }

  /** What keeps more from being begun. */
  protected obstacle(context: StepContext, view: MovesView): Answer | undefined {
    const obstacle = this.#run.obstacle(view, [...this.#run.target.moves, ...this.moves(context)]);
    if (obstacle) return obstacle;
    const { stop } = brakeOf(view.state, addingOf(view));
    return stop === undefined ? undefined : waiting(stop, [stop]);
  }

  async #begin(context: StepContext, view: MovesView): Promise<void> {
    const stages = this.#stages(context, view);
    const { limits } = brakeOf(view.state, addingOf(view));
    const chosen = nextMoves(this.#toBegin(stages), stages.moving, limits);
    const orders = chosen.flatMap((move) => {
      const leader = view.partitions.get(partitionName(move))?.leader ?? -1;
      const [first] = phases(move, leader);
      return first === undefined ? [] : [{ move, replicas: first }];
    });
    await this.#run.alter(orders);
  }

  #toBegin({ waiting: pending }: Stages): readonly Move[] {
    return pending.filter((move) => !this.#run.refused.has(partitionName(move)));
  }

  async #progress(
    stages: Stages,
    view: MovesView,
    obstacle: Extract<Answer, { kind: 'wait' }> | undefined,
  ): Promise<Answer> {
    const { moved, moving } = stages;
    const pending = this.#toBegin(stages);
    const dead = deadTargets(moving, view);
    const copied = await this.#meter.measure({ moved, moving });
    const all = moved.length + moving.length + pending.length;
    const total = bytesOf([...moved, ...moving, ...pending]);
    const pace = copied.bytes === undefined ? '' : paceText(copied.rate, total - copied.bytes);
    const what = [
      ...(dead === undefined ? [] : [dead]),
      ...(moving.length === 0 ? [] : [`${copied.text}${pace}`]),
      `${moved.length} of ${all} partitions moved, ${moving.length} under way`,
      ...(obstacle ? [`nothing new is begun: waiting for ${obstacle.waitingFor}`] : []),
    ].join('; ');
    // Without sizes nobody can tell a standstill from a long copy.
    const isBlind = copied.bytes === undefined && dead === undefined && moving.length > 0;
    const moves = isBlind ? this.#run.target.clock.now() : (copied.bytes ?? 0);
    return waiting(what, [moved.length, moving.length, moves]);
  }

  #stages(context: StepContext, view: MovesView): Stages {
    return stagesOf(this.moves(context), view);
  }

  #leftBehind({ gone, other, waiting: pending }: Stages): readonly string[] {
    return [
      ...gone.map((move) => `${partitionName(move)} is gone: its topic was deleted`),
      ...other.map((move) => `${partitionName(move)} was given other replicas by somebody else and is left alone`),
      ...pending.map((move) => {
        const reason = this.#run.refused.get(partitionName(move)) ?? 'not begun';
        return `${partitionName(move)} stays on ${move.before.join(', ')}: ${reason}`;
      }),
    ].slice(0, MOST_NAMED);
  }
}

const MOST_NAMED = 10;
const SETTLING_TIMES = 20;
const SETTLING_MS = 500;

function stagesOf(moves: readonly Move[], view: MovesView): Stages {
  const stages: Record<Stage, Move[]> = { waiting: [], moving: [], moved: [], gone: [], other: [] };
  for (const move of moves) stages[stageOf(move, view)].push(move);
  return stages;
}

function bytesOf(moves: readonly Move[]): number {
  return moves.reduce((sum, move) => sum + move.bytes * addedBy(move).length, 0);
}

/** A move ends only once every new replica is in sync, so one to a broker that is gone never does. */
function deadTargets(moving: readonly Move[], { state }: MovesView): string | undefined {
  const dead = moving.flatMap((move) => {
    const absent = addedBy(move).filter((id) => !state.brokers.includes(id));
    return absent.length === 0 ? [] : [{ name: partitionName(move), absent }];
  });
  if (dead.length === 0) return undefined;
  const brokers = [...new Set(dead.flatMap(({ absent }) => absent))].join(', ');
  return `broker ${brokers} is not live, without which ${few(dead.map(({ name }) => name))} cannot end`;
}

function addingOf({ moving }: MovesView): ReadonlyMap<string, number> {
  return new Map([...moving].map(([name, { adding }]) => [name, adding.length]));
}
