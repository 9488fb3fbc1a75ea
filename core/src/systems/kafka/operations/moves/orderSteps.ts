import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { partitionName, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import { isSameOrder } from '#core/systems/kafka/operations/moves/moveText.ts';
import { few, waiting, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { stageOf, type MovesView } from '#core/systems/kafka/operations/moves/stage.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

/** Nothing to remember and nothing to take back: what these steps do is done when it is asked for. */
abstract class AtOnce {
  prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({});
  }

  /** Doing it again does nothing. */
  hasActed(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** Replicas come into the order of the plan, the preferred leader first. No data moves: only partitions that have these replicas. */
export class OrderStep extends AtOnce implements StepKind {
  readonly #run: MovesRun;

  constructor(run: MovesRun) {
    super();
    this.#run = run;
  }

  async isDone(): Promise<boolean> {
    const view = await this.#run.view();
    return this.#run.strangers(view) === undefined && this.#toOrder(view).length === 0;
  }

  async gate(): Promise<Answer> {
    const view = await this.#run.view();
    return (
      this.#run.obstacle(view) ?? { kind: 'yes', evidence: 'every broker is there and nobody else moves anything' }
    );
  }

  act(): Promise<ActOutcome> {
    return this.#run.perform(async () => {
      const view = await this.#run.view();
      await this.#run.alter(this.#toOrder(view).map((move) => ({ move, replicas: move.after })));
    });
  }

  async awaited(): Promise<Answer> {
    const view = await this.#run.view();
    const stranger = this.#run.strangers(view);
    if (stranger) return stranger;
    const left = this.#toOrder(view);
    if (left.length === 0) return { kind: 'yes', evidence: 'every list of replicas is in its order' };
    return waiting(`${few(left.map(partitionName))} to have the new order of replicas`, [left.length]);
  }

  async finish(): Promise<readonly string[]> {
    const view = await this.#run.view();
    const refused = this.#run.target.moves.filter((move) => isOutOfOrder(move, view));
    return refused.slice(0, MOST_NAMED).map((move) => {
      const reason = this.#run.refused.get(partitionName(move)) ?? 'somebody else changed it';
      return `${partitionName(move)} keeps the order of its replicas: ${reason}`;
    });
  }

  #toOrder(view: MovesView): readonly Move[] {
    return this.#run.target.moves.filter(
      (move) => isOutOfOrder(move, view) && !this.#run.refused.has(partitionName(move)),
    );
  }
}

function isOutOfOrder(move: Move, view: MovesView): boolean {
  const present = view.partitions.get(partitionName(move));
  return present !== undefined && stageOf(move, view) === 'moved' && !isSameOrder(present.replicas, move.after);
}

const MOST_NAMED = 10;

/** Preferred leaders lead, wherever they are in sync. Error 84 says that one does already, 80 that it cannot now. */
export class ElectStep extends AtOnce implements StepKind {
  readonly #run: MovesRun;

  constructor(run: MovesRun) {
    super();
    this.#run = run;
  }

  async isDone(): Promise<boolean> {
    const view = await this.#run.view();
    return this.#run.strangers(view) === undefined && this.#run.toElect(view).length === 0;
  }

  async gate(): Promise<Answer> {
    const view = await this.#run.view();
    return (
      this.#run.strangers(view) ?? this.#run.missingBrokers(view) ?? { kind: 'yes', evidence: 'every broker is there' }
    );
  }

  act(): Promise<ActOutcome> {
    return this.#run.perform(async () => this.#elect(this.#run.toElect(await this.#run.view())));
  }

  async awaited(): Promise<Answer> {
    const view = await this.#run.view();
    const stranger = this.#run.strangers(view);
    if (stranger) return stranger;
    const left = this.#run.toElect(view);
    if (left.length === 0) return { kind: 'yes', evidence: 'preferred leaders lead' };
    await this.#elect(left);
    return waiting(`${few(left.map(partitionName))} to be led by the preferred leader`, [left.length]);
  }

  async finish(): Promise<readonly string[]> {
    const { state } = await this.#run.view();
    const elected = state.partitions.filter((one) => this.#run.target.isElected(one));
    const led = elected.filter(({ leader, replicas }) => leader === replicas[0]);
    return [`${led.length} of ${elected.length} partitions are led by their preferred leader`];
  }

  async #elect(partitions: readonly PartitionState[]): Promise<void> {
    if (partitions.length > 0) await this.#run.target.door.electPreferred(partitions);
  }
}
