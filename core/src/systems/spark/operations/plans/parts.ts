import { textAt } from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type AccessQuestion, type Cluster } from '#core/live/ports.ts';
import { isOnNode } from '#core/live/onNode.ts';
import { killedPods } from '#core/operations/jobs/jobPods.ts';
import { GENERATION } from '#core/operations/jobs/unchanged.ts';
import type { DataCluster } from '#core/live/model.ts';
import type {
  OperationName,
  OperationTarget,
  Plan,
  PlannedStep,
  Precondition,
  StepValue,
} from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { keptElsewhere } from '#core/operations/operated/keptElsewhere.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import { readJob, type JobNow } from '#core/systems/spark/operations/job.ts';
import { operatedKindOf, type OperatedKind } from '#core/systems/spark/operations/knowledge/kinds.ts';
import { mayRun } from '#core/systems/spark/operations/knowledge/states.ts';
import { rowOf, type JobVerb } from '#core/systems/spark/operations/knowledge/verbs.ts';
import { scheduleOf } from '#core/systems/spark/live/kubeflowView.ts';
import { findSparkOperator, type SparkOperatorFound } from '#core/systems/spark/operations/sparkOperator.ts';

/** What every plan of something that an operator runs begins with. */
export interface Examined {
  readonly kind: OperatedKind;
  readonly target: OperationTarget;
  readonly now: JobNow;
  readonly operator: SparkOperatorFound;
  readonly data: DataCluster;
}

/** @throws ClusterProblem when it is gone or may not be read */
export async function examine({ data, cluster }: PlanningPorts): Promise<Examined> {
  const kind = operatedKindOf(data);
  if (!kind) throw new ClusterProblem('invalid', `No operator of Spark runs ${data.name}.`);
  const target = await targetOf(data, cluster, undefined);
  const now = await readJob(cluster, target.namespace, target.anchor, kind);
  if (now.resource.meta.uid !== target.anchor.uid) {
    throw new ClusterProblem(
      'conflict',
      `${target.anchor.kind} ${target.name} was made anew just now. Look at it, then plan again.`,
    );
  }
  const found = await findSparkOperator(cluster, kind, target.namespace);
  const { generation } = now.resource.meta;
  const parameters = { ...found.parameters, ...(generation === undefined ? {} : { [GENERATION]: generation }) };
  return { kind, target, now, operator: { ...found, parameters }, data };
}

export interface Draft {
  readonly operation: OperationName;
  readonly title: string;
  readonly target: OperationTarget;
  readonly parameters?: Readonly<Record<string, StepValue>>;
  readonly preconditions: readonly Precondition[];
  readonly steps: readonly PlannedStep[];
  readonly risks: readonly string[];
  readonly isTyped: boolean;
}

/** What a plan of something that an operator runs has of its own. */
export interface OperatedDraft extends Omit<Draft, 'target' | 'parameters'> {
  /** False where the operator need not be there; true when absent. */
  readonly isOperatorNeeded?: boolean;
  /** What the run will write, to ask for the rights; none where a precondition asks for them. */
  readonly rights: readonly AccessQuestion[];
  /** How a tool that keeps manifests would undo it. */
  readonly undoing: string;
}

/** Behind a verb in a title. */
export const AND_KILL = ', and kill the run that is under way';

/** The plan with what is asked before everything that an operator is to do. */
export async function planOperated(
  examined: Examined,
  { isOperatorNeeded = true, rights, undoing, ...draft }: OperatedDraft,
  ports: PlanningPorts,
): Promise<Plan> {
  const { target, operator } = examined;
  const preconditions = [
    ...(isOperatorNeeded ? [operator.check] : []),
    ...draft.preconditions,
    ...(rights.length === 0 ? [] : [await rightsCheck(ports.cluster, rights)]),
    ...others(examined, undoing),
  ];
  return planOf({ ...draft, target, parameters: operator.parameters, preconditions }, ports);
}

export async function planOf(draft: Draft, { cluster, clock, id }: PlanningPorts): Promise<Plan> {
  const missing = await missingJournalRights(draft.target, cluster);
  const preconditions = [...draft.preconditions, journalCheck(missing)];
  return {
    format: 1,
    id,
    operation: draft.operation,
    title: draft.title,
    target: draft.target,
    madeAt: clock.now(),
    parameters: draft.parameters ?? {},
    preconditions,
    steps: draft.steps,
    risks: draft.risks,
    needsTypedName: draft.isTyped || preconditions.some(({ state }) => state === 'consent'),
  };
}

/** What the verb does here, in the words of the table, and in which state it is done. */
export function consequence({ kind, now, data }: Examined, verb: JobVerb, kills: boolean): Precondition {
  const says = `The operator says ${plainText(now.state, 60) || 'nothing yet'} of the ${kind.noun}`;
  const does = rowOf(data, verb)?.does ?? [];
  const id = { id: 'consequence', title: kills ? 'What is killed by it' : 'What it does' };
  if (!kills) return { ...id, state: 'holds', evidence: [says, ...does] };
  const living = data.members.filter(isOnNode).flatMap(({ pod }) => pod ?? []);
  const killed = living.length === 0 ? [] : [killedPods(living)];
  const fix = 'Go on only if what the run has done may be lost; its name is asked for.';
  return { ...id, state: 'warns', evidence: [says, ...killed, ...does], fix };
}

/** Whether anything would be lost that runs now. */
export function killsNow({ now }: Examined): boolean {
  return mayRun(now.under);
}

/** Who else decides about it, and would not like what is done. */
function others({ now, data, kind }: Examined, what: string): readonly Precondition[] {
  const queue = now.resource.meta.labels['kueue.x-k8s.io/queue-name'] ?? '';
  const schedule = kind.noun === 'application' ? scheduleOf(now.resource) : '';
  const owner = now.resource.meta.owners.find(
    ({ isController, kind: name }) => isController && name !== 'ScheduledSparkApplication',
  );
  return [
    ...keptElsewhere(now.object, what),
    ...(queue === '' ? [] : [kueue(queue)]),
    ...(schedule === '' ? [] : [ofSchedule(schedule, data)]),
    ...(owner ? [owned(owner.kind, owner.name)] : []),
  ];
}

function kueue(queue: string): Precondition {
  return {
    id: 'kueue',
    title: 'Kueue decides when it runs',
    state: 'warns',
    evidence: [`It is in the queue ${plainText(queue, 63)}, and Kueue writes spec.suspend`],
    fix: 'What is started waits for room in the queue; what is suspended by hand may be let go on by Kueue.',
  };
}

function ofSchedule(name: string, { customs }: DataCluster): Precondition {
  const schedule = customs.find(
    ({ customKind, meta }) => customKind === 'ScheduledSparkApplication' && meta.name === name,
  );
  const policy = textAt(schedule?.spec, 'concurrencyPolicy');
  const effects: Readonly<Record<string, string>> = {
    Replace: 'concurrencyPolicy Replace: the next run deletes it if it still runs then',
    Forbid: 'concurrencyPolicy Forbid: no other run starts as long as it has not ended',
  };
  return {
    id: 'schedule',
    title: 'A schedule has started it',
    state: 'warns',
    evidence: [
      `It is a run of ScheduledSparkApplication ${plainText(name, 63)}, which goes on starting runs`,
      ...(Object.hasOwn(effects, policy) ? [effects[policy] ?? ''] : []),
    ],
    fix: 'Pause Schedule keeps further runs from starting.',
  };
}

function owned(kind: string, name: string): Precondition {
  return {
    id: 'owner',
    title: 'Something else has made it',
    state: 'consent',
    evidence: [
      `It belongs to ${plainText(kind, 63)} ${plainText(name, 253)}, which may undo this, or do the same once more`,
    ],
    fix: 'Do it there where that is possible.',
  };
}

/** Whether the user may do what the run will do. */
export async function rightsCheck(cluster: Cluster, questions: readonly AccessQuestion[]): Promise<Precondition> {
  const id = { id: 'rights', title: 'You may do it' };
  const answers = await Promise.all(
    questions.map(async (question) => ({ question, answer: await cluster.can(question) })),
  );
  const missing = answers.flatMap(({ question, answer }) =>
    answer.isAllowed
      ? []
      : [`No right to ${question.verb} ${question.resource} in ${question.namespace ?? 'the cluster'}`],
  );
  if (missing.length === 0) return { ...id, state: 'holds', evidence: ['The server says so'] };
  return { ...id, state: 'fails', evidence: missing, fix: 'Ask for the rights.' };
}

/** What can be asked for one verb on the resource itself. */
export function ownRight({ target }: Examined, verb: string): AccessQuestion {
  const [group = ''] = target.anchor.apiVersion.split('/');
  return {
    verb,
    group,
    resource: `${target.anchor.kind.toLowerCase()}s`,
    namespace: target.namespace,
    name: target.anchor.name,
  };
}
