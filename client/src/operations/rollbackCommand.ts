import type { LiveAccess } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { Asker, Choice } from '#client/operations/asker.ts';
import type { Planner } from '#client/operations/planner.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { chooseRevision, type ChosenRevision } from '#core/live/helm/chooseRevisions.ts';
import { isTreeElement, type ReleaseTarget } from '#core/live/tree/row.ts';
import type { HelmRelease } from '#core/live/view.ts';

export interface RollbackCommandParts {
  readonly access: Pick<LiveAccess, 'viewOf' | 'connectedContexts'>;
  readonly asker: Asker;
  readonly planner: Pick<Planner, 'planRollback'>;
  readonly showPlan: (proposal: Proposal) => void;
}

/** Asks which revision and opens the plan for it. Changes nothing. */
export function rollbackCommand(parts: RollbackCommandParts): Command {
  return {
    id: commandIds.rollBackRelease,
    title: 'Roll Back',
    run: async (argument) => {
      const found = await chooseRelease(argument, parts);
      if (!found) return;
      const { context, chosen } = found;
      const { namespace, name } = chosen.release;
      const to = found.isRevision ? chosen.revision.revision : await askRevision(chosen.release, parts.asker);
      if (to === undefined) return;
      const wish = { operation: 'rollback', release: name, namespace, to } as const;
      const proposal = await parts.planner.planRollback(context, wish);
      if (proposal) parts.showPlan(proposal);
    },
  };
}

interface FoundRelease {
  readonly context: string;
  readonly chosen: ChosenRevision;
  /** It was a revision that was pointed at, and not the release as a whole. */
  readonly isRevision: boolean;
}

/** What a row stands for; without one, what is chosen among the releases that are watched. @throws UserProblem when it is gone */
async function chooseRelease(argument: unknown, parts: RollbackCommandParts): Promise<FoundRelease | undefined> {
  const own = isTreeElement(argument) ? argument.target : undefined;
  const isOwn = own?.kind === 'release' || own?.kind === 'revision';
  const target = isOwn ? own : await askRelease(parts);
  if (!target) return undefined;
  const view = parts.access.viewOf(target.context);
  const chosen = view && chooseRevision(view, target);
  if (chosen) return { context: target.context, chosen, isRevision: target.kind === 'revision' };
  throw new UserProblem(
    'This revision is no longer there.',
    'Connect the context in the Data Clusters view and look again.',
  );
}

function askRelease({ access, asker }: RollbackCommandParts): Promise<ReleaseTarget | undefined> {
  const choices = access.connectedContexts().flatMap((context): readonly Choice<ReleaseTarget>[] =>
    (access.viewOf(context)?.releases ?? []).map(({ namespace, name, health }) => ({
      label: name,
      description: namespace,
      detail: `${context}: ${health.sentence}`,
      value: { kind: 'release', context, namespace, name },
    })),
  );
  if (choices.length > 0) return asker.pick('Helm release to roll back', choices);
  throw new UserProblem(
    'No Helm release is watched.',
    'Connect a context in the Data Clusters view, or open the demo cluster.',
  );
}

/** Those before the newest first; the newest too, which sets back what was changed outside Helm. @throws UserProblem for a single one */
function askRevision({ name, revisions }: HelmRelease, asker: Asker): Promise<number | undefined> {
  const [newest, ...older] = revisions;
  if (!newest || older.length === 0)
    throw new UserProblem(
      `${name} has one revision only.`,
      'Compare it with the cluster to see what was changed outside Helm, and upgrade it with the chart.',
    );
  const choices = older.map(({ revision, status }) => ({
    label: `Revision ${revision}`,
    description: status,
    value: revision,
  }));
  return asker.pick(`Revision to roll ${name} back to; revision ${newest.revision} is ${newest.status}`, choices);
}
