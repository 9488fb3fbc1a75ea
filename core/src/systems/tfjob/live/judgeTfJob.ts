import { ago, ahead, duration } from '#core/live/durations.ts';
import {
  describeCompletion,
  describeSuspension,
  healthOf,
  isAtWork,
  judge,
  judgeUnknownState,
  judgePickUp,
  type Judgement,
  type StateRow,
} from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import { worstLevel, type DataCluster, type Evidence, type Health, type HealthLevel } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { describeEnd, failedEnd } from '#core/live/podTrouble.ts';
import { textAt, timeAt } from '#core/json.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import { describeCounts, replicaCounts } from '#core/systems/tfjob/live/replicaCounts.ts';
import {
  nameReplicas,
  readReplicaSpecs,
  readRunPolicy,
  type ReplicaSpec,
  type RunPolicy,
} from '#core/systems/tfjob/live/replicas.ts';
import {
  describeTroubles,
  describeTypes,
  replicaTrouble,
  shortName,
  summarizeTypes,
  troubleEvidence,
  type ReplicaTrouble,
} from '#core/systems/tfjob/live/replicaTrouble.ts';

/** A TFJob with its status, as its states are told. */
interface TfJobView {
  readonly cluster: DataCluster;
  readonly resource: LiveCustom;
  readonly now: number;
  readonly state: string;
  readonly message: string;
  readonly specs: readonly ReplicaSpec[];
  readonly policy: RunPolicy;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly troubles: readonly ReplicaTrouble[];
}

/** By condition type, and by phase for v1alpha1. Source: JobConditionType of training-operator 1.9, TFJobPhase of tf-operator 0.1. */
const states: ReadonlyMap<string, StateRow<TfJobView>> = new Map<string, StateRow<TfJobView>>([
  ['', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['Created', { level: levelOfStart, text: describeStart }],
  ['Creating', { level: levelOfStart, text: describeStart }],
  ['Running', { level: levelOfRun, text: describeRun }],
  ['Restarting', { level: levelOfRestart, text: describeRestart }],
  ['Suspended', { level: (view) => judgeSuspension(view).level, text: (view) => judgeSuspension(view).text }],
  ['Succeeded', { level: levelOfSuccess, text: describeSuccess }],
  ['Done', { level: levelOfSuccess, text: describeSuccess }],
  ['Failed', { level: 'unhealthy', text: describeFailure }],
  ['CleanUp', { level: 'working', text: 'ended, its pods are being deleted' }],
]);

export function judgeTfJob(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const view = viewTfJob(cluster, resource, now);
  if (arePodsHidden(cluster) && statesToldByPods.has(view.state)) return judgeUnseen(view);
  const judgement = judgeState(view);
  return healthOf(judgement, [
    { ...judgement, source: 'operator' },
    ...view.troubles.map(troubleEvidence),
    ...limitEvidence(view),
  ]);
}

/** Pods that go because the job is held back are in no trouble, whatever they end with. */
function judgeState(view: TfJobView): Judgement {
  if (view.policy.isSuspended && statesToldByPods.has(view.state)) {
    return { level: 'working', text: 'about to be suspended: the operator has not said so yet' };
  }
  const row = states.get(view.state);
  return row === undefined ? judgeUnknownState(view.state) : judge(row, view);
}

/** States that say nothing without a look at the pods. */
const statesToldByPods: ReadonlySet<string> = new Set(['', 'Created', 'Creating', 'Running', 'Restarting']);

/** Where the pods may not be seen, the numbers of the operator are all there is. */
function judgeUnseen({ state, resource }: TfJobView): Health {
  const counts = replicaCounts(resource).filter(({ active, succeeded, failed }) => active + succeeded + failed > 0);
  return unseenHealth(state === '' ? 'new' : counts.length === 0 ? state : `${state}, ${describeCounts(counts)}`);
}

function viewTfJob(cluster: DataCluster, resource: LiveCustom, now: number): TfJobView {
  const { status } = resource;
  const condition = decisiveCondition(status);
  const specs = readReplicaSpecs(resource);
  const startedAt = timeAt(status, 'startTime');
  return {
    cluster,
    resource,
    now,
    state: condition?.type ?? oldState(status),
    message: condition?.message ?? textAt(status, 'reason'),
    specs,
    policy: readRunPolicy(resource),
    startedAt,
    endedAt: timeAt(status, 'completionTime') ?? (isFinal(condition?.type) ? condition?.at : undefined),
    troubles: arePodsHidden(cluster)
      ? []
      : cluster.members.flatMap((member) => replicaTrouble(member, specs, now) ?? []),
  };
}

/** v1alpha1 says `Done` for jobs that failed as well. */
function oldState(status: LiveCustom['status']): string {
  return textAt(status, 'state') === 'Failed' ? 'Failed' : textAt(status, 'phase');
}

function isFinal(type: string | undefined): boolean {
  return type === 'Succeeded' || type === 'Failed';
}

function judgeNew(view: TfJobView): Judgement {
  const { resource, cluster, now, policy, specs } = view;
  if (cluster.members.some(({ pod }) => pod !== undefined)) {
    const troubles = realTroubles(view);
    const level = worstLevel(['working', ...troubles.map((trouble) => trouble.level)]);
    return { level, text: withTrouble(`starting: ${describeTypes(summarizeTypes(cluster, specs))}`, troubles) };
  }
  if (!isOperators(policy)) {
    return { level: 'unknown', text: `left to ${plainText(policy.managedBy, 80)}, which has not said anything yet` };
  }
  return judgePickUp(resource.meta.createdAt, now);
}

function judgeSuspension({ policy, resource }: TfJobView): Judgement {
  return policy.isSuspended ? describeSuspension(resource.meta) : { level: 'working', text: 'about to be resumed' };
}

function isOperators({ managedBy }: RunPolicy): boolean {
  return managedBy === '' || managedBy === 'kubeflow.org/training-operator';
}

function levelOfStart(view: TfJobView): HealthLevel {
  return worstLevel(['working', ...realTroubles(view).map(({ level }) => level)]);
}

function describeStart(view: TfJobView): string {
  const counts = describeTypes(summarizeTypes(view.cluster, view.specs));
  return withTrouble(`starting: ${counts}`, realTroubles(view));
}

/** Pods that are not there yet say nothing while the job is young. */
const START_PATIENCE_MS = 60_000;

function realTroubles({ troubles, resource, now }: TfJobView): readonly ReplicaTrouble[] {
  const { createdAt } = resource.meta;
  const isYoung = createdAt !== undefined && now - createdAt < START_PATIENCE_MS;
  return isYoung ? troubles.filter(({ member }) => member.pod !== undefined) : troubles;
}

/** Where no pod is to be seen although the operator counts some, only its numbers are known. */
function isBlind({ cluster, resource }: TfJobView): boolean {
  return (
    cluster.members.every(({ pod }) => pod === undefined) && replicaCounts(resource).some(({ active }) => active > 0)
  );
}

function levelOfRun(view: TfJobView): HealthLevel {
  if (isBlind(view)) return 'unknown';
  const types = summarizeTypes(view.cluster, view.specs);
  const isWhole = types.every(({ working, completed, wanted }) => working <= wanted && working + completed >= wanted);
  const levels = realTroubles(view).map(({ level }) => level);
  if (overdue(view) !== undefined) return worstLevel(['warning', ...levels]);
  return isWhole && levels.length === 0 ? 'healthy' : worstLevel(['working', ...levels]);
}

function describeRun(view: TfJobView): string {
  const { startedAt, now } = view;
  const late = overdue(view);
  const beyond = late === undefined ? '' : `, ${duration(late)} beyond its deadline`;
  const running = startedAt === undefined ? 'running' : `running for ${duration(now - startedAt)}${beyond}`;
  if (isBlind(view)) {
    return `${running}, says the operator: ${describeCounts(replicaCounts(view.resource))}; no pod is to be seen`;
  }
  return withTrouble(`${running}: ${describeTypes(summarizeTypes(view.cluster, view.specs))}`, realTroubles(view));
}

function levelOfRestart(view: TfJobView): HealthLevel {
  return worstLevel(['warning', ...realTroubles(view).map(({ level }) => level)]);
}

function describeRestart(view: TfJobView): string {
  const counts = describeTypes(summarizeTypes(view.cluster, view.specs));
  const troubles = realTroubles(view);
  if (troubles.length > 0) return withTrouble(counts, troubles);
  const why = view.message === '' ? '' : `: ${shortenMessage(view.message)}`;
  return `restarting${why}; ${counts}`;
}

function withTrouble(text: string, troubles: readonly ReplicaTrouble[]): string {
  return troubles.length === 0 ? text : `${text}; ${describeTroubles(troubles)}`;
}

/** The operator needs a moment to clean up. */
const CLEAN_UP_MS = 60_000;

/** Pods that go on although the job has ended: parameter servers wait for ever unless somebody ends them. */
function leftOver({ cluster, endedAt, now }: TfJobView): ReadonlyMap<string, number> {
  const isFresh = endedAt !== undefined && now - endedAt < CLEAN_UP_MS;
  const left = new Map<string, number>();
  if (isFresh) return left;
  for (const member of cluster.members.filter(isAtWork)) left.set(member.group, (left.get(member.group) ?? 0) + 1);
  return left;
}

function levelOfSuccess(view: TfJobView): HealthLevel {
  return leftOver(view).size > 0 ? 'warning' : 'done';
}

function describeSuccess(view: TfJobView): string {
  const text = describeCompletion('succeeded', view.startedAt, view.endedAt, view.now);
  const left = leftOver(view);
  if (left.size === 0) return text;
  const what = [...left].map(([type, count]) => nameReplicas(count, type)).join(' and ');
  const { cleanPodPolicy } = view.policy;
  const isIntended = cleanPodPolicy === 'None';
  const why = isIntended
    ? 'cleanPodPolicy None leaves them'
    : `cleanPodPolicy ${plainText(cleanPodPolicy, 40)} should have ended them`;
  return `${text}; still running: ${what}, ${why}`;
}

interface FailureReason {
  readonly pattern: RegExp;
  readonly text: (view: TfJobView) => string;
}

/** The operator's messages for the ends that no pod tells of. */
const failureReasons: readonly FailureReason[] = [
  {
    pattern: /longer than specified deadline/,
    text: ({ policy }) =>
      policy.deadlineSeconds === undefined
        ? 'it ran longer than its deadline'
        : `it ran longer than its deadline of ${duration(policy.deadlineSeconds * 1_000)}`,
  },
  {
    pattern: /reached the specified backoff limit/,
    text: ({ policy }) =>
      policy.backoffLimit === undefined
        ? 'its replicas restarted too often'
        : `its replicas restarted as often as backoffLimit ${policy.backoffLimit} allows`,
  },
];

function describeFailure(view: TfJobView): string {
  const when = view.endedAt === undefined ? 'failed' : `failed ${ago(view.now - view.endedAt)}`;
  const known = failureReasons.find(({ pattern }) => pattern.test(view.message));
  if (known !== undefined) return `${when}: ${known.text(view)}`;
  const member = view.cluster.members.find(({ pod }) => pod?.phase === 'Failed');
  const failed = member?.pod === undefined ? undefined : failedEnd(member.pod, member.container);
  if (member !== undefined && failed !== undefined) {
    return `${when}: ${shortName(member)} ended with ${describeEnd(failed.end)}`;
  }
  return view.message === '' ? when : `${when}: ${shortenMessage(view.message)}`;
}

/** Without the beginning that names the job, which is known. */
function shortenMessage(message: string): string {
  const text = messageText(message);
  return text.replace(/^(?:TFJob|Job) \S+ (?:is restarting|has failed|is failed|failed) because (?:it )?/, '');
}

function limitEvidence(view: TfJobView): readonly Evidence[] {
  const found = isFinal(view.state) ? [expiry(view)] : [deadline(view), backoff(view)];
  return found.filter((evidence) => evidence !== undefined);
}

function deadline(view: TfJobView): Evidence | undefined {
  const [length, left] = [deadlineOf(view), timeLeft(view)];
  if (length === undefined || left === undefined) return undefined;
  const text = `its deadline of ${duration(length)} ${left < 0 ? `ended ${ago(-left)}` : `ends ${ahead(left)}`}`;
  const level = left < length / 10 ? 'warning' : 'healthy';
  return { level, text: overdue(view) === undefined ? text : `${text}: ${UNNOTICED}`, source: 'operator' };
}

/**
 * The operator wants to be called again at the deadline by a queue that is a dummy, so nothing wakes it then.
 * Source: FakeWorkQueue and UpdateJobStatus of training-operator 1.8.1, seen with it.
 */
const UNNOTICED = 'the operator does not wake up for it, and ends the job when something of it changes next';

/** What the operator may need to end a job, in milliseconds. */
const DEADLINE_PATIENCE_MS = 15_000;

/** Milliseconds since a deadline that the operator has not heeded. */
function overdue(view: TfJobView): number | undefined {
  const left = timeLeft(view);
  return left !== undefined && left < -DEADLINE_PATIENCE_MS ? -left : undefined;
}

function timeLeft(view: TfJobView): number | undefined {
  const length = deadlineOf(view);
  return length === undefined || view.startedAt === undefined ? undefined : view.startedAt + length - view.now;
}

const deadlineOf = ({ policy: { deadlineSeconds } }: TfJobView): number | undefined =>
  deadlineSeconds === undefined ? undefined : deadlineSeconds * 1_000;

/** Only restarts by the kubelet count, and those of all containers together. Source: PastBackoffLimit. */
function backoff({ policy, cluster, specs }: TfJobView): Evidence | undefined {
  if (policy.backoffLimit === undefined) return undefined;
  const counting = specs.filter(({ restartPolicy }) => restartPolicy === 'OnFailure' || restartPolicy === 'Always');
  const groups = new Set(counting.map(({ type }) => type));
  const pods = cluster.members.flatMap(({ pod, group }) => (pod !== undefined && groups.has(group) ? [pod] : []));
  const restarts = pods
    .flatMap(({ states: own }) => own.map((state) => state.restarts))
    .reduce((sum, count) => sum + count, 0);
  if (restarts === 0) return undefined;
  const level = restarts + 1 >= policy.backoffLimit ? 'warning' : 'healthy';
  return {
    level,
    text: `${restarts} of the ${policy.backoffLimit} restarts that backoffLimit allows are used up`,
    source: 'operator',
  };
}

function expiry({ policy, endedAt, now }: TfJobView): Evidence | undefined {
  if (policy.keptSeconds === undefined || endedAt === undefined) return undefined;
  const left = endedAt + policy.keptSeconds * 1_000 - now;
  const text = left > 0 ? `will be deleted ${ahead(left)}` : `should have been deleted ${duration(-left)} ago`;
  return { level: 'done', text, source: 'operator' };
}
