import { randomUUID } from 'node:crypto';
import type { OperationContexts } from '#client/operations/controller.ts';
import { clustersOf, type Proposal } from '#client/operations/proposal.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { NodeDrainWish, OperationWish, RollbackWish } from '#core/operations/wishes.ts';

export interface PlannerParts {
  readonly contexts: OperationContexts;
  readonly operations: () => Operations;
  readonly clock: Clock;
  /** Shows that something goes on; rejects with Abandoned when the person does not want to wait any longer. */
  readonly showProgress: <Result>(title: string, work: Promise<Result>) => Promise<Result>;
}

/** The person did not want to wait for it. Planning changes nothing, so nothing is to be taken back. */
export class Abandoned extends Error {}

/** Makes plans; changes nothing. Each is undefined when the person did not want to wait for it. */
export class Planner {
  readonly #parts: PlannerParts;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  /** @throws UserProblem with the reason when the operation is not possible there at all */
  requireOffer(operation: OperationName, data: DataCluster, title: string): void {
    const offer = this.#parts
      .operations()
      .offers(data)
      .find((one) => one.operation === operation);
    if (!offer) throw new UserProblem(`${title} is not possible with ${data.name} (${data.flavour}).`, '');
    if (offer.refusal !== undefined) throw new UserProblem(offer.refusal, '');
  }

  async plan(context: string, data: DataCluster, wish: OperationWish): Promise<Proposal | undefined> {
    const { contexts, operations, clock } = this.#parts;
    return this.#propose(context, `Planning for ${data.name}`, [data], async () => {
      const cluster = await contexts.clusterOf(context);
      return operations().plan(wish, { data, cluster, clock, id: randomUUID() });
    });
  }

  async planNodeDrain(context: string, wish: NodeDrainWish): Promise<Proposal | undefined> {
    const { contexts, operations, clock } = this.#parts;
    const clusters = await contexts.dataOf(context);
    return this.#propose(context, `Planning for the node ${wish.node}`, clusters, async () => {
      const cluster = await contexts.clusterOf(context);
      return operations().planNodeDrain(wish, { cluster, clock, id: randomUUID(), clusters });
    });
  }

  async planRollback(context: string, wish: RollbackWish): Promise<Proposal | undefined> {
    const { contexts, operations, clock } = this.#parts;
    const clusters = await contexts.dataOf(context);
    return this.#propose(context, `Planning for the Helm release ${wish.release}`, clusters, async () => {
      const cluster = await contexts.clusterOf(context);
      return operations().planRollback(wish, { cluster, clock, id: randomUUID(), clusters });
    });
  }

  async #propose(
    context: string,
    title: string,
    known: readonly DataCluster[],
    make: () => Promise<Plan>,
  ): Promise<Proposal | undefined> {
    try {
      const plan = await this.#parts.showProgress(title, make());
      return { context, plan, clusters: clustersOf(plan, known) };
    } catch (error) {
      if (error instanceof Abandoned) return undefined;
      if (error instanceof ClusterProblem) throw new UserProblem(error.message, 'Nothing was changed.');
      throw error;
    }
  }
}
