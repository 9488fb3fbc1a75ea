import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { few, waiting, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { stageOf, type MovesView } from '#core/systems/kafka/operations/moves/stage.ts';
import { laggards } from '#core/systems/kafka/operations/safety.ts';

/**
 * Looks whether it has come as planned: every partition that is still there has the replicas of the plan and all in sync, and a broker that
 * was to hold nothing holds nothing, by what is known of partitions and by what is on its disks. Everything is in its gate, which has
 * to hold several times in a row: a partition may be created in between.
 */
export class VerifyStep implements StepKind {
  readonly #run: MovesRun;

  constructor(run: MovesRun) {
    this.#run = run;
  }

  isDone(): Promise<boolean> {
    return Promise.resolve(false);
  }

  hasActed(): Promise<boolean> {
    return Promise.resolve(false);
  }

  prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({});
  }

  async gate(): Promise<Answer> {
    const view = await this.#run.view();
    return (
      this.#run.strangers(view) ??
      this.#misplaced(view) ??
      this.#stillHeld(view) ??
      this.#lagging(view) ??
      (await this.#onDisks()) ?? { kind: 'yes', evidence: 'everything is where it should be' }
    );
  }

  act(): Promise<ActOutcome> {
    return Promise.resolve({ kind: 'acted' });
  }

  awaited(): Promise<Answer> {
    return Promise.resolve({ kind: 'yes', evidence: 'everything is where it should be' });
  }

  async finish(): Promise<readonly string[]> {
    const view = await this.#run.view();
    const behind = view.state.partitions.filter((one) => laggards(one).length > 0);
    const { leaving } = this.#run.target;
    return [
      ...(leaving.length > 0
        ? [`Broker ${leaving.join(', ')} holds no replica and has no partition on its disks`]
        : []),
      behind.length === 0
        ? 'Every replica of the cluster is in sync'
        : `${behind.length} partitions are under-replicated`,
    ];
  }

  #misplaced(view: MovesView): Answer | undefined {
    const wrong = this.#run.target.moves.filter((move) => !['moved', 'gone'].includes(stageOf(move, view)));
    if (wrong.length === 0) return undefined;
    const named = wrong.map((move) => {
      const reason = this.#run.refused.get(partitionName(move));
      return `${partitionName(move)}${reason === undefined ? '' : ` (${reason})`}`;
    });
    const reason = `${wrong.length} partitions do not have the replicas of the plan: ${few(named)}.`;
    return { kind: 'stop', reason, fix: 'Everything else is done. Make a new plan for these.' };
  }

  #stillHeld({ state }: MovesView): Answer | undefined {
    const { leaving } = this.#run.target;
    const held = state.partitions.filter(({ replicas }) => replicas.some((id) => leaving.includes(id)));
    if (held.length === 0) return undefined;
    const reason = `Broker ${leaving.join(', ')} was given new partitions meanwhile: ${few(held.map(partitionName))}.`;
    return { kind: 'stop', reason, fix: 'Evacuate it again; create no topics meanwhile.' };
  }

  #lagging(view: MovesView): Answer | undefined {
    const behind = this.#run.target.moves.flatMap((move) => {
      const present = view.partitions.get(partitionName(move));
      return present && laggards(present).length > 0 ? [partitionName(move)] : [];
    });
    if (behind.length === 0) return undefined;
    return waiting(`${few(behind)} to be in sync`, [behind.length]);
  }

  /** Old replicas are deleted from the disk a while after they are gone. */
  async #onDisks(): Promise<Answer | undefined> {
    const { door, leaving } = this.#run.target;
    for (const broker of leaving) {
      try {
        const { dirs } = await door.askBroker(broker, 'DescribeLogDirs', {});
        const left = dirs.flatMap(({ topics }) => topics).filter(({ name }) => name !== METADATA_TOPIC);
        const partitions = left.reduce((sum, topic) => sum + topic.partitions, 0);
        if (partitions > 0)
          return waiting(`broker ${broker} to delete ${partitions} replicas from its disks`, [broker, partitions]);
      } catch (error) {
        if (!(error instanceof ClusterProblem)) throw error;
        return waiting(`broker ${broker} to tell what is on its disks: ${error.message}`, [broker]);
      }
    }
    return undefined;
  }
}

/** The log of the controllers, which is no topic of the brokers. */
const METADATA_TOPIC = '__cluster_metadata';
