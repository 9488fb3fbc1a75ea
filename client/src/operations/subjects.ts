import { clusterTitle } from '#core/live/tree/titles.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { Asker, Choice } from '#client/operations/asker.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { DataCluster } from '#core/live/model.ts';
import { isOnNode } from '#core/live/onNode.ts';
import type { OperationName } from '#core/operations/model.ts';
import { podOf, readTarget } from '#core/live/target.ts';

/** A data cluster, or one member of it, and where it is. */
export interface Subject {
  readonly context: string;
  readonly data: DataCluster;
  /** Name of the pod. */
  readonly member: string | undefined;
}

export interface SubjectSources {
  readonly access: Pick<LiveAccess, 'viewOf' | 'connectedContexts'>;
  readonly offers: (data: DataCluster) => readonly OperationName[];
  /** What has another name there, and the sentence that says which; undefined for what has none. */
  readonly instead: (data: DataCluster, operation: OperationName) => string | undefined;
  readonly asker: Asker;
}

/** What a row stands for; without a row, what the user chooses among what is watched. Undefined when nothing is chosen. */
export async function chooseSubject(
  argument: unknown,
  operation: OperationName | 'move',
  sources: SubjectSources,
): Promise<Subject | undefined> {
  const target = readTarget(argument);
  if (target?.kind === 'dataCluster') {
    const data = clustersIn(target.context, sources).find(({ key }) => key === target.key);
    if (data) return { context: target.context, data, member: undefined };
    throw notThere();
  }
  const pod = target && podOf(target);
  if (!pod) return askForSubject(operation, sources);
  const data = clustersIn(pod.context, sources).find(
    ({ namespace, members }) => namespace === pod.namespace && members.some(({ name }) => name === pod.name),
  );
  if (data) return { context: pod.context, data, member: pod.name };
  throw notThere();
}

function clustersIn(context: string, { access }: SubjectSources): readonly DataCluster[] {
  return (access.viewOf(context)?.clusters ?? []).map(({ cluster }) => cluster);
}

async function askForSubject(operation: OperationName | 'move', sources: SubjectSources): Promise<Subject | undefined> {
  const contexts = sources.access.connectedContexts();
  const choices = contexts.flatMap((context): readonly Choice<Subject>[] =>
    clustersIn(context, sources)
      .filter((data) => (operation === 'move' ? hasPods(data) : sources.offers(data).includes(operation)))
      .map((data) => ({
        label: data.name,
        description: `${clusterTitle(data)} in ${data.namespace}`,
        detail: context,
        value: { context, data, member: undefined },
      })),
  );
  const elsewhere = contexts.flatMap((context): readonly Choice<Subject>[] =>
    clustersIn(context, sources).flatMap((data) => {
      const instead = operation === 'move' ? undefined : sources.instead(data, operation);
      if (instead === undefined) return [];
      const description = `${clusterTitle(data)} in ${data.namespace}, where this has another name`;
      return [{ label: data.name, description, detail: instead, value: { context, data, member: undefined } }];
    }),
  );
  if (choices.length + elsewhere.length > 0)
    return sources.asker.pick('Which data cluster?', [...choices, ...elsewhere]);
  throw contexts.length === 0
    ? new UserProblem(
        'No cluster is connected.',
        'Connect a context in the Data Clusters view, or open the demo cluster.',
      )
    : new UserProblem('No data cluster that is watched offers this.', '');
}

/** That can be moved off their node. */
const hasPods = ({ members }: DataCluster): boolean => members.some(isOnNode);

function notThere(): UserProblem {
  return new UserProblem(
    'This data cluster is no longer there.',
    'Connect the context in the Data Clusters view and look again.',
  );
}
