import { objectAt, textAt, type JsonObject } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { isPatched, pathsOf } from '#core/operations/jobs/mergePatch.ts';
import { anewOf } from '#core/operations/jobs/kept.ts';
import { GENERATION } from '#core/operations/jobs/unchanged.ts';
import type {
  Comparison,
  OperationName,
  OperationTarget,
  Plan,
  PlannedStep,
  Precondition,
  StepValue,
} from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { keptElsewhere } from '#core/operations/operated/keptElsewhere.ts';
import { addressOf, readResource, type ResourceNow } from '#core/operations/operated/resource.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';

/** The job of a plan as it is when the plan is made. */
export interface PlannedJob extends ResourceNow {
  readonly target: OperationTarget;
}

/** @param anchorGoes the run deletes the object. @throws ClusterProblem */
export async function readPlanned({ data, cluster }: PlanningPorts, anchorGoes = false): Promise<PlannedJob> {
  const target = await targetOf(data, cluster, undefined);
  const now = await readResource(cluster, data.namespace, target.anchor);
  if (now.resource.meta.uid !== target.anchor.uid)
    throw new ClusterProblem('conflict', `${target.anchor.kind} ${data.name} was made anew a moment ago. Look again.`);
  return { ...now, target: anchorGoes ? { ...target, anchorGoes: true } : target };
}

/** What a plan about a job says and does. */
export interface JobPlanSketch {
  readonly title: string;
  readonly job: PlannedJob;
  /** What happens and what is lost, a sentence each: the preview that is read before anything is agreed to. */
  readonly consequence: readonly string[];
  /** Something that runs is killed, or what is lost does not come back: a name has to be typed. */
  readonly isLoss: boolean;
  readonly preconditions: readonly Precondition[];
  readonly steps: readonly PlannedStep[];
  readonly risks: readonly string[];
  readonly preview?: readonly Comparison[];
  readonly parameters?: Readonly<Record<string, StepValue>>;
}

export async function planJob(operation: OperationName, ports: PlanningPorts, sketch: JobPlanSketch): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const { target, object, resource } = sketch.job;
  const preconditions = [
    consequenceCheck(sketch),
    ...sketch.preconditions,
    ...keptElsewhere(object, 'it may be put back, or be made anew, as it is written there'),
    ownerNote(object),
    journalCheck(await missingJournalRights(target, cluster)),
  ].filter((one) => one !== undefined);
  return {
    format: 1,
    id,
    operation,
    title: sketch.title,
    target,
    madeAt: clock.now(),
    parameters: {
      ...sketch.parameters,
      ...(resource.meta.generation === undefined ? {} : { [GENERATION]: resource.meta.generation }),
    },
    preconditions,
    steps: sketch.steps,
    risks: sketch.risks,
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
    ...(sketch.preview ? { preview: sketch.preview } : {}),
  };
}

function consequenceCheck({ consequence, isLoss }: JobPlanSketch): Precondition {
  return {
    id: 'consequence',
    title: isLoss ? 'What this kills is agreed to' : 'Nothing that runs is killed',
    state: isLoss ? 'consent' : 'holds',
    evidence: consequence,
  };
}

/** Whoever has made a job from a template of his own may make the next one otherwise. */
function ownerNote(object: JsonObject): Precondition | undefined {
  const owners = objectAt(object, 'metadata')['ownerReferences'];
  const owner: unknown = Array.isArray(owners)
    ? owners.find((one: unknown) => objectAt({ one }, 'one')['controller'] === true)
    : undefined;
  if (owner === undefined) return undefined;
  return {
    id: 'owner',
    title: 'Whoever has made the job takes it as it will be',
    state: 'warns',
    evidence: [
      `It belongs to ${textAt(owner, 'kind')} ${textAt(owner, 'name')}, which may do something of its own about it`,
    ],
  };
}

/** The server tries a change without effect, and tells whether the operator of this version knows what is changed. */
export async function acceptsPatch(
  cluster: Cluster,
  { target, resource }: PlannedJob,
  patch: JsonObject,
): Promise<Precondition> {
  const id = { id: 'accepted', title: 'The server takes the change' };
  try {
    const address = addressOf(target.anchor, target.namespace);
    const metadata = { ...objectAt(patch, 'metadata'), uid: resource.meta.uid };
    const after = await cluster.mergePatch(address, { ...patch, metadata }, { dryRun: true });
    if (isPatched(after, patch)) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
    const evidence = [`The server drops ${pathsOf(patch).join(', ')}: the installed version does not know it`];
    return { ...id, state: 'fails', evidence, fix: 'Update the operator and its definitions.' };
  } catch (error) {
    return refusal(id, error);
  }
}

/** The server tries without effect to make the job anew under a name that is free, and whether the run may do its other writes is asked. */
export async function acceptsAnew(
  cluster: Cluster,
  { target, object }: Pick<PlannedJob, 'target' | 'object'>,
  changes: JsonObject,
  planId: string,
): Promise<Precondition> {
  const id = { id: 'accepted', title: 'The job may be deleted and made anew' };
  const { name, ...kind } = addressOf(target.anchor, target.namespace);
  const missing = await missingRights(cluster, target.namespace, [
    { verb: 'delete', group: kind.group, resource: kind.plural },
    ...['get', 'create', 'delete'].map((verb) => ({ verb, group: '', resource: 'secrets' })),
  ]);
  if (missing.length > 0)
    return {
      ...id,
      state: 'fails',
      evidence: missing,
      fix: 'Ask for the rights: the manifest waits in a Secret meanwhile.',
    };
  try {
    const manifest = anewOf(object, { id: planId }, changes);
    const metadata = { ...objectAt(manifest, 'metadata'), name: trialName(name) };
    await cluster.create(kind, { ...manifest, metadata }, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect under another name'] };
  } catch (error) {
    return {
      ...refusal(id, error),
      fix: 'Nothing is deleted that would not be taken again: correct what refuses it first.',
    };
  }
}

/** Of the same length, so that limits of names are tried as well. */
const trialName = (name: string): string => `${name.slice(0, -1)}${name.endsWith('x') ? 'y' : 'x'}`;

/** Whether the object of a plan may be deleted. */
export async function acceptsDeletion(cluster: Cluster, { target }: PlannedJob): Promise<Precondition> {
  const id = { id: 'accepted', title: 'The job may be deleted' };
  const { group, plural: resource } = addressOf(target.anchor, target.namespace);
  const missing = await missingRights(cluster, target.namespace, [{ verb: 'delete', group, resource }]);
  if (missing.length === 0) return { ...id, state: 'holds', evidence: ['The right is there'] };
  return { ...id, state: 'fails', evidence: missing, fix: 'Ask for the right.' };
}

async function missingRights(
  cluster: Cluster,
  namespace: string,
  rights: readonly { readonly verb: string; readonly group: string; readonly resource: string }[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    rights.map(async (right) => ({ right, answer: await cluster.can({ ...right, namespace }) })),
  );
  return answers.flatMap(({ right, answer }) =>
    answer.isAllowed ? [] : [`No right to ${right.verb} ${right.resource} in ${namespace}`],
  );
}

/** What a server says that does not take something, field by field where it does. @throws ClusterProblem when it could not be asked */
export function refusal(id: Pick<Precondition, 'id' | 'title'>, error: unknown): Precondition {
  if (!(error instanceof ClusterProblem) || error.kind === 'unreachable' || error.kind === 'busy') throw error;
  const causes = error.causes.map(({ field, message }) => `${messageText(field, 120)}: ${messageText(message)}`);
  const evidence = causes.length > 0 ? causes : [messageText(error.message)];
  return { ...id, state: 'fails', evidence, fix: 'See what refuses it, or ask for the right.' };
}
