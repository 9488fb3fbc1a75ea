import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { FOUND_MOVES, readMoves, writeMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { MoveStep } from '#core/systems/kafka/operations/moves/moveStep.ts';
import { few, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { LONGEST_FOUND, movesThatFit } from '#core/systems/kafka/operations/moves/planSteps.ts';
import { readSituation, toRebalanceInput } from '#core/systems/kafka/operations/moves/situation.ts';
import type { MovesView } from '#core/systems/kafka/operations/moves/stage.ts';
import type { Throttle } from '#core/systems/kafka/operations/moves/throttleSteps.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import type { Move, Rebalance } from '#core/systems/kafka/rebalance/model.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';

/**
 * Moves what was placed on a leaving broker while the others were moved: before Kafka 4.3 nothing keeps new partitions away from it. The
 * moves are planned when the step begins, remembered with the throttles of before, and carried out like those of the plan.
 */
export class SweepStep extends MoveStep {
  readonly #run: MovesRun;
  readonly #throttle: Throttle;

  constructor(run: MovesRun, throttle: Throttle) {
    super(run);
    this.#run = run;
    this.#throttle = throttle;
  }

  override async isDone(context: StepContext): Promise<boolean> {
    const view = await this.#run.view();
    if (this.#run.strangers(view)) return false;
    return this.#held(view).length === 0 && (await super.isDone(context));
  }

  override async prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    // Moves that were remembered may be under way with their throttle in place.
    if (memory[FOUND_MOVES] !== undefined) return memory;
    const moves = movesThatFit((await this.#plan()).moves, LONGEST_FOUND);
    return { ...(await this.#throttle.prior(moves, {})), [FOUND_MOVES]: writeMoves(moves) };
  }

  override async gate(context: StepContext): Promise<Answer> {
    const answer = await super.gate(context);
    if (answer.kind !== 'yes') return answer;
    const { unsolved } = await this.#plan();
    if (unsolved.length === 0) return answer;
    const named = unsolved.map((one) => `${partitionName(one)}: ${one.reason}`);
    return {
      kind: 'stop',
      reason: `New partitions have no other place: ${few(named)}.`,
      fix: 'Make room, then resume.',
    };
  }

  override async act(context: StepContext): Promise<ActOutcome> {
    const throttled = await this.#run.perform(() => this.#throttle.apply(this.moves(context)));
    return throttled.kind === 'acted' ? super.act(context) : throttled;
  }

  /** The other moves see to these as well. */
  override leave(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  protected override moves({ memory }: Pick<StepContext, 'memory'>): readonly Move[] {
    return readMoves(memory[FOUND_MOVES]);
  }

  #held({ state }: MovesView): readonly string[] {
    const { leaving } = this.#run.target;
    return state.partitions.filter(({ replicas }) => replicas.some((id) => leaving.includes(id))).map(partitionName);
  }

  async #plan(): Promise<Rebalance> {
    const { door, leaving, clock, brokers } = this.#run.target;
    const situation = await readSituation(door, brokers, clock);
    return planRebalance(toRebalanceInput(situation), { mode: 'off brokers', brokers: leaving, exclude: [] });
  }
}
