import type { RunReference } from '#client/operations/board.ts';
import type { Asker } from '#client/operations/asker.ts';
import { gone, type OperationContexts, type OperationController } from '#client/operations/controller.ts';
import type { Planner } from '#client/operations/planner.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';

export interface PutBackParts {
  readonly controller: Pick<OperationController, 'find'>;
  readonly contexts: Pick<OperationContexts, 'dataOf'>;
  readonly operations: () => Pick<Operations, 'undoing'>;
  readonly planner: Pick<Planner, 'plan' | 'requireOffer'>;
  readonly asker: Pick<Asker, 'pick'>;
  readonly showPlan: (proposal: Proposal) => void;
}

/**
 * Opens the plan that puts back what a run has changed; asks which one first where it takes several. Changes nothing.
 * @throws UserProblem when nothing can be put back, or when what it was about is gone
 */
export async function putBack(reference: RunReference, parts: PutBackParts): Promise<void> {
  const { controller, contexts, operations, planner } = parts;
  const { context, name } = reference;
  const run = await controller.find(reference);
  if (!run) throw gone();
  const wishes = operations().undoing(run.record);
  if (wishes.length === 0)
    throw new UserProblem(
      'Nothing that this run has changed can be put back by a plan.',
      'Its report has what it did.',
    );
  const known = await contexts.dataOf(context);
  const data = known.find(({ key }) => key === run.record.plan.target.key);
  if (!data)
    throw new UserProblem(
      `There is no data cluster ${name} in ${context} any more.`,
      'Its values of before are in the report of the run.',
    );
  planner.requireOffer('configure', data, 'Putting settings back');
  const wish = await chooseWish(wishes, parts);
  const proposal = wish && (await planner.plan(context, data, wish));
  if (proposal) parts.showPlan(proposal);
}

async function chooseWish(
  wishes: readonly ConfigureWish[],
  { asker }: PutBackParts,
): Promise<ConfigureWish | undefined> {
  const [only, ...others] = wishes;
  if (others.length === 0) return only;
  const choices = wishes.map((value) => ({ label: labelOf(value), value }));
  return asker.pick('Put back what first? What is for all brokers goes before single ones', choices);
}

/** `all brokers: num.io.threads, log.retention.ms` */
function labelOf({ member = 'all brokers', settings }: ConfigureWish): string {
  return `${member}: ${Object.keys(settings).join(', ')}`;
}
