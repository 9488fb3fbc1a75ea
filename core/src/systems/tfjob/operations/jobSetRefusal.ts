import { isObject, isSetAt, listAt, objectAt, textAt, timeAt } from '#core/json.ts';
import { decodeEvent } from '#core/live/decode/event.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { nameOf, type JobNow, type JobPorts, type Refusal } from '#core/operations/jobs/jobNow.ts';
import type { Answer, Plan } from '#core/operations/model.ts';
import { numberIn } from '#core/operations/stepParameters.ts';

/**
 * Whether a JobSet refuses to follow its TrainJob, which else shows only by nothing moving:
 *
 * 1. The trainer has taken the wish up: its condition Suspended says what the step asked for.
 * 2. The JobSet, read now, is not so.
 * 3. The last Event of the job about it, not older than that condition, tells one of FINAL. Both times are of the trainer's own clock.
 * 4. After SETTLE_MS all of that is still so: the run pauses.
 *
 * Properties:
 * - it never makes a step done, and a JobSet that follows is never said to refuse, whatever was told before;
 * - what the trainer retries with success (a webhook that cannot be reached, a conflict, a quota) is not among FINAL, and waits as ever;
 * - whoever goes on with the run is not shown the same Event again: only a refusal that was told later counts;
 * - where Events or JobSets may not be read, or the Event was dropped (the recorder lets through 25 of a job, then one in five minutes),
 *   the run waits until nothing has moved for long, as it does for everything.
 *
 * Source: trainer 2.0.0, TrainJobReconciler: it applies the JobSet whole, tells an error as an Event, tries again after 5 ms and then twice
 * as long each time up to 1000 s, and writes the condition all the same; the reason is the same at its head of 2026.
 */
export function jobSetRefusal({ plan, cluster, clock }: Pick<JobPorts, 'plan' | 'cluster' | 'clock'>): Refusal {
  let since: number | undefined;
  return async ({ resource }, { step, memory }) => {
    const goal = goals.get(String(step.parameters['goal']));
    const takenUpAt = goal && takenUp(resource.status, goal);
    if (!goal || takenUpAt === undefined) return undefined;
    // What was shown before the run went on is no news.
    const from = Math.max(takenUpAt, numberIn(memory, 'refusedAt') + 1);
    const told = (await isBehind(plan, cluster, goal)) ? await refusalTold(plan, cluster, from) : undefined;
    since = told && (since ?? clock.now());
    const isSettled = since !== undefined && clock.now() - since >= SETTLE_MS;
    return told && isSettled ? pauseFor(plan, goal.verb, told) : undefined;
  };
}

/** By the name of what the step awaits. */
const goals: ReadonlyMap<string, JobSetGoal> = new Map([
  ['suspended', { suspend: true, verb: 'be suspended' }],
  ['resumed', { suspend: false, verb: 'go on' }],
]);

interface JobSetGoal {
  readonly suspend: boolean;
  readonly verb: string;
}

/**
 * What no retry changes as long as job, runtime and JobSet stay as they are. A message is cut off behind 950 characters, in the midst of the
 * value, so what is immutable is known by its field alone: the webhook finds no other fault with these fields of an update.
 * Source: JobSet 0.8.2, ValidateUpdate of its webhook, and the rules of its definition with the message `Value is immutable`.
 */
const FINAL: readonly RegExp[] = [
  /admission webhook "vjobset\.kb\.io" denied the request: \[?spec\.(?:replicatedJobs|managedBy): Invalid value/,
  /JobSet\.jobset\.x-k8s\.io "[^"]{1,253}" is invalid: (?=.*Value is immutable)\[?spec\.[\w.[\]]+/,
];

const REASON = 'TrainJobResourcesCreationFailed';

/** Ten tries of the trainer, within which also an edit that was taken back just before has come to it. */
const SETTLE_MS = 5000;

/** When the trainer said so; undefined while it has not. */
function takenUp(status: JobNow['resource']['status'], { suspend }: JobSetGoal): number | undefined {
  const condition = listAt(status, 'conditions').find((one) => isObject(one) && textAt(one, 'type') === 'Suspended');
  if (!isObject(condition) || textAt(condition, 'status') !== (suspend ? 'True' : 'False')) return undefined;
  return timeAt(condition, 'lastTransitionTime');
}

const jobSets = { group: 'jobset.x-k8s.io', version: 'v1alpha2', plural: 'jobsets', namespaced: true } as const;
const events = { group: '', version: 'v1', plural: 'events', namespaced: true } as const;

async function isBehind({ target }: Plan, cluster: Cluster, { suspend }: JobSetGoal): Promise<boolean> {
  const { anchor, namespace } = target;
  const jobSet = await ifReadable(() => cluster.get({ ...jobSets, namespace, name: anchor.name }));
  return jobSet !== undefined && isSetAt(objectAt(jobSet, 'spec'), 'suspend') !== suspend;
}

interface Told {
  /** What was refused by whom, without the value. */
  readonly words: string;
  readonly at: number;
}

/** The latest of what was told since then, if it is a refusal: what went wrong later, or in the same second, may go by itself. */
async function refusalTold({ target }: Plan, cluster: Cluster, since: number): Promise<Told | undefined> {
  const { anchor, namespace } = target;
  const fieldSelector = `involvedObject.name=${anchor.name}`;
  const found = await ifReadable(() => cluster.list({ ...events, namespace, fieldSelector }));
  const told = (found ?? [])
    .flatMap((object) => decodeEvent(object) ?? [])
    .filter(({ about, reason, at = 0 }) => about.uid === anchor.uid && reason === REASON && at >= since);
  const at = Math.max(...told.map((event) => event.at ?? 0));
  const [words, ...others] = told.filter((event) => event.at === at).map(finalWords);
  return words === undefined || others.includes(undefined) ? undefined : { words, at };
}

function finalWords({ message }: LiveEvent): string | undefined {
  return FINAL.map((pattern) => pattern.exec(message)?.[0]).find((one) => one !== undefined);
}

async function ifReadable<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof ClusterProblem) return undefined;
    throw error;
  }
}

function pauseFor(plan: Plan, verb: string, { words, at }: Told): Answer {
  return {
    kind: 'pause',
    reason: `The JobSet of ${nameOf(plan)} refuses to ${verb}: what the job and its runtime would make now is not what the JobSet was made with, most often because one of them has been edited, and a JobSet takes no such change (trainer #3008). Kubeflow Trainer tells: ${plainText(words)}.`,
    fix: 'Take the edit of the job or of its runtime back and go on with the run; Kubeflow Trainer tries again by itself, after an edit of the job at once, else within 17 min. Or give the run up and rerun the job, which makes it anew as it is written now.',
    remember: { refusedAt: at },
  };
}
