import { ago, duration } from '#core/live/durations.ts';
import {
  describeCompletion,
  hasCompleted,
  healthOf,
  isAtWork,
  judge,
  judgeUnknownState,
  judgePickUp,
  type Judgement,
  type StateRow,
} from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import { ordinalOf } from '#core/live/jobs/parts.ts';
import { indexPods } from '#core/live/jobs/podIndex.ts';
import {
  worstLevel,
  type DataCluster,
  type Evidence,
  type Health,
  type HealthLevel,
  type LiveMember,
} from '#core/live/model.ts';
import type { LiveCustom, LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { describeEnd, failedEnd, podTrouble } from '#core/live/podTrouble.ts';
import { isSetAt, listAt, numberAt, objectAt, textAt } from '#core/json.ts';
import { makeJob } from '#core/systems/tfjob/live/cluster.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import {
  describeRestarts,
  jobCounts,
  jobSetOf,
  judgeHeldBack,
  judgeSuspended,
} from '#core/systems/tfjob/live/trainJobSet.ts';
import { shortName, troubleEvidence, type ReplicaTrouble } from '#core/systems/tfjob/live/replicaTrouble.ts';

const GROUP = 'trainer.kubeflow.org';
/** The operator makes a JobSet of the same name, whose pods carry its labels. */
const JOB_SET = 'jobset.sigs.k8s.io/jobset-name';
const STEP = 'jobset.sigs.k8s.io/replicatedjob-name';
const JOB_INDEX = 'jobset.sigs.k8s.io/job-index';
const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
/** The step that trains; `launcher` where MPI starts it. */
const NODE = 'node';

export function isTrainJob({ group, customKind }: LiveCustom): boolean {
  return group === GROUP && customKind === 'TrainJob';
}

export function gatherTrainJobs(objects: NamespaceObjects): readonly DataCluster[] {
  const podsLabelled = indexPods(objects.pods, [JOB_SET]);
  return objects.customs.filter(isTrainJob).map((resource) => {
    const { name } = resource.meta;
    const present = podsLabelled(JOB_SET, name).map(memberOf);
    const nodes = numberAt(resource.spec, 'trainer', 'numNodes');
    const isActive = !isOver(resource) && !isSetAt(resource.spec, 'suspend');
    return makeJob(objects, {
      name,
      suffix: `trainjob.${GROUP}`,
      flavour: 'kubeflow-trainer',
      resource,
      members: sortMembers([...present, ...(isActive ? missingNodes(name, nodes, present) : [])]),
      wanted: isActive ? nodes : undefined,
      customs: objects.customs.filter((custom) => isJobSetOf(custom, name) || isRuntimeOf(custom, resource)),
    });
  });
}

function isJobSetOf({ group, customKind, meta }: LiveCustom, name: string): boolean {
  return group === 'jobset.x-k8s.io' && customKind === 'JobSet' && meta.name === name;
}

function isRuntimeOf({ group, customKind, meta }: LiveCustom, { spec }: LiveCustom): boolean {
  const kind = textAt(spec, 'runtimeRef', 'kind') || 'ClusterTrainingRuntime';
  return group === GROUP && customKind === kind && meta.name === textAt(spec, 'runtimeRef', 'name');
}

function isOver({ status }: LiveCustom): boolean {
  const type = decisiveCondition(status)?.type;
  return type === 'Complete' || type === 'Failed';
}

function memberOf(pod: LivePod): LiveMember {
  const { labels, name } = pod.meta;
  const step = labels[STEP] ?? '';
  const container = pod.containers.find((candidate) => candidate.name === step) ?? pod.containers[0];
  return {
    name,
    role: step === NODE ? 'worker' : step === 'launcher' ? 'chief' : 'companion',
    pod,
    index: ordinalOf(labels[COMPLETION_INDEX]) ?? ordinalOf(labels[JOB_INDEX]),
    rack: '',
    group: step,
    container: container?.name ?? step,
    version: '',
  };
}

/** Nodes come when the initializers are done, so places are shown only once some are there. */
function missingNodes(job: string, nodes: number | undefined, present: readonly LiveMember[]): readonly LiveMember[] {
  const seen = new Set(present.filter(({ group }) => group === NODE).map(({ index }) => index));
  if (nodes === undefined || seen.size === 0) return [];
  const places = Array.from({ length: Math.min(Math.max(0, Math.floor(nodes)), 1_000) }, (_, index) => index);
  return places
    .filter((index) => !seen.has(index))
    .map((index) => ({
      name: `${job}-${NODE}-0-${index}`,
      role: 'worker',
      pod: undefined,
      index,
      rack: '',
      group: NODE,
      container: NODE,
      version: '',
    }));
}

/** Steps in the order in which they run, then by index, then oldest first: failed pods stay beside those that replace them. */
function sortMembers(members: readonly LiveMember[]): readonly LiveMember[] {
  const rank = ({ group }: LiveMember): number => (group === NODE ? 2 : group === 'launcher' ? 1 : 0);
  const age = ({ pod }: LiveMember): number => pod?.meta.createdAt ?? 0;
  return members.toSorted(
    (a, b) =>
      rank(a) - rank(b) || a.group.localeCompare(b.group, 'en') || (a.index ?? 0) - (b.index ?? 0) || age(a) - age(b),
  );
}

interface TrainJobView {
  readonly cluster: DataCluster;
  readonly resource: LiveCustom;
  readonly now: number;
  readonly reason: string;
  readonly message: string;
  readonly endedAt: number | undefined;
  readonly troubles: readonly ReplicaTrouble[];
}

/** By condition; none holds while the job runs. Source: TrainJob conditions of Kubeflow Trainer 2.3. */
const states: ReadonlyMap<string, StateRow<TrainJobView>> = new Map<string, StateRow<TrainJobView>>([
  ['', { level: (view) => judgeRun(view).level, text: (view) => judgeRun(view).text }],
  ['Suspended', { level: (view) => judgeSuspension(view).level, text: (view) => judgeSuspension(view).text }],
  [
    'Complete',
    { level: 'done', text: (view) => describeCompletion('completed', startOf(view), view.endedAt, view.now) },
  ],
  ['Failed', { level: 'unhealthy', text: describeFailure }],
]);

export function judgeTrainJob(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const condition = decisiveCondition(resource.status);
  const view: TrainJobView = {
    cluster,
    resource,
    now,
    reason: condition?.reason ?? '',
    message: condition?.message ?? '',
    endedAt: condition?.at,
    troubles: findTroubles(cluster, now),
  };
  if (arePodsHidden(cluster) && condition === undefined) return judgeUnseen(cluster, resource, now);
  const row = states.get(condition?.type ?? '');
  const judgement = row === undefined ? judgeUnknownState(condition?.type ?? '') : judge(row, view);
  return healthOf(judgement, [
    { ...judgement, source: 'operator' },
    ...view.troubles.map(troubleEvidence),
    ...metricEvidence(resource),
  ]);
}

/** Where the pods may not be seen, the numbers of the operator are all there is. */
function judgeUnseen(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const steps = jobCounts(cluster, resource).map((job) => `${textAt(job, 'name')} ${describeJob(job)}`);
  if (steps.length > 0) return unseenHealth(steps.join(', '));
  const judgement = judgeNew(resource, now);
  return healthOf(judgement, [{ ...judgement, source: 'operator' }]);
}

function judgeSuspension({ cluster, resource, endedAt, now }: TrainJobView): Judgement {
  return judgeSuspended(cluster, resource, endedAt, now);
}

function startOf({ cluster }: TrainJobView): number | undefined {
  const starts = cluster.members.flatMap(({ pod, container }) => {
    const state = pod?.states.find(({ name }) => name === container);
    const start = state?.ended?.startedAt ?? state?.runningSince;
    return start === undefined ? [] : [start];
  });
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** A pod that failed counts less once another one of the same step and index has taken its place. */
function findTroubles({ members }: DataCluster, now: number): readonly ReplicaTrouble[] {
  return members.flatMap((member): readonly ReplicaTrouble[] => {
    if (member.pod === undefined) return [missingPod(member, members, now)];
    if (hasCompleted(member)) return [];
    const trouble = podTrouble(member.pod, now);
    if (trouble === undefined) return [];
    const isReplaced = members.some((other) => isSuccessor(other, member));
    return [{ member, level: isReplaced ? 'warning' : trouble.level, text: trouble.sentence }];
  });
}

/** JobSet makes the pods of a step one after the other. */
const MAKING_MS = 30_000;

function missingPod(member: LiveMember, members: readonly LiveMember[], now: number): ReplicaTrouble {
  const isMaking = members.some(
    ({ group, pod }) => group === member.group && now - (pod?.meta.createdAt ?? 0) < MAKING_MS,
  );
  return { member, level: isMaking ? 'working' : 'warning', text: isMaking ? 'has no pod yet' : 'has no pod' };
}

function isSuccessor(other: LiveMember, { group, index, pod }: LiveMember): boolean {
  const isSamePlace = other.group === group && other.index === index && other.pod !== undefined;
  return isSamePlace && (other.pod?.meta.createdAt ?? 0) > (pod?.meta.createdAt ?? 0);
}

function judgeRun(view: TrainJobView): Judgement {
  const { cluster, resource, now, troubles } = view;
  if (isSetAt(resource.spec, 'suspend'))
    return { level: 'working', text: 'about to be suspended: the operator has not said so yet' };
  const heldBack = judgeHeldBack(cluster, resource, now);
  if (heldBack !== undefined) return heldBack;
  if (cluster.members.length === 0 && !isPickedUp(cluster, resource)) return judgeNew(resource, now);
  const nodes = trainers(cluster);
  const text = nodes.length === 0 ? describeStart(view) : describeNodes(view, nodes);
  const real = troubles.filter(({ level }) => level !== 'working');
  const isWhole = nodes.some(isAtWork) && troubles.length === 0;
  const level: HealthLevel = isWhole ? 'healthy' : worstLevel(['working', ...troubles.map((trouble) => trouble.level)]);
  const [first] = real.length > 0 ? real : troubles;
  return { level, text: first === undefined ? text : `${text}; ${shortName(first.member)} ${first.text}` };
}

/** Trainer 2.0 writes no status before the end: there its JobSet is the only sign. */
function isPickedUp(cluster: DataCluster, { status }: LiveCustom): boolean {
  return (
    jobSetOf(cluster) !== undefined || ['jobsStatus', 'conditions'].some((part) => listAt(status, part).length > 0)
  );
}

/** The members that train; of an MPI job whose nodes are not there yet, its launcher. */
function trainers({ members }: DataCluster): readonly LiveMember[] {
  const nodes = members.filter(({ group }) => group === NODE);
  return nodes.length > 0 ? nodes : members.filter(({ group }) => group === 'launcher');
}

function judgeNew({ spec, meta }: LiveCustom, now: number): Judgement {
  const managedBy = textAt(spec, 'managedBy');
  if (managedBy !== '' && managedBy !== 'trainer.kubeflow.org/trainjob-controller') {
    return { level: 'unknown', text: `left to ${plainText(managedBy, 80)}, which has not said anything yet` };
  }
  const judgement = judgePickUp(meta.createdAt, now);
  if (judgement.level !== 'unhealthy') return judgement;
  // Trainer 2.0.0 writes no status of a JobSet that it could not make, only events.
  const text = `waits for the operator: no JobSet of it is to be seen for ${duration(now - (meta.createdAt ?? now))}; where one cannot be made, events of the job say why`;
  return { ...judgement, text };
}

/** Before there are nodes: initializers at work, or what the operator counts. */
function describeStart({ cluster, resource }: TrainJobView): string {
  const steps = cluster.members.filter((member) => isAtWork(member)).map(({ group }) => plainText(group, 63));
  const restarts = describeRestarts(cluster);
  if (steps.length > 0) return `preparing${restarts}: ${[...new Set(steps)].join(' and ')} at work`;
  const counted = jobCounts(cluster, resource).map(
    (job) => `${plainText(textAt(job, 'name'), 63)} ${describeJob(job)}`,
  );
  return `starting${restarts}${counted.length === 0 ? '' : `: ${counted.join(', ')}`}`;
}

function describeJob(job: unknown): string {
  const states = ['ready', 'active', 'succeeded', 'failed', 'suspended'];
  const found = states.find((state) => (numberAt(job, state) ?? 0) > 0);
  return found ?? 'pending';
}

function describeNodes(view: TrainJobView, nodes: readonly LiveMember[]): string {
  const working = nodes.filter(isAtWork).length;
  const wanted = new Set(nodes.map(({ group, index }) => `${group}/${index ?? ''}`)).size;
  const start = startOf(view);
  const running = start === undefined ? 'running' : `running for ${duration(view.now - start)}`;
  return `${running}${describeRestarts(view.cluster)}${describeProgress(view.resource)}: ${working} of ${wanted} ${wanted === 1 ? 'node' : 'nodes'}`;
}

/** What the training itself reports, where it does. */
function describeProgress({ status }: LiveCustom): string {
  const percent = numberAt(status, 'trainerStatus', 'progressPercentage');
  const left = numberAt(status, 'trainerStatus', 'estimatedRemainingSeconds');
  if (percent === undefined) return '';
  return `, ${percent} % done${left === undefined ? '' : `, about ${duration(left * 1_000)} left`}`;
}

/** Reasons that the operator gives itself; any other is that of the JobSet. */
const failureReasons: ReadonlyMap<string, (view: TrainJobView) => string> = new Map([
  [
    'TrainingRuntimeNotSupported',
    ({ resource }: TrainJobView) =>
      `its runtime ${plainText(textAt(resource.spec, 'runtimeRef', 'name'), 253)} is not known or not supported`,
  ],
  [
    'DeadlineExceeded',
    ({ resource }: TrainJobView) => {
      const seconds = numberAt(resource.spec, 'activeDeadlineSeconds');
      return seconds === undefined
        ? 'it ran longer than its deadline'
        : `it ran longer than its deadline of ${duration(seconds * 1_000)}`;
    },
  ],
]);

function describeFailure(view: TrainJobView): string {
  const at = view.endedAt === undefined ? 'failed' : `failed ${ago(view.now - view.endedAt)}`;
  const when = `${at}${describeRestarts(view.cluster)}`;
  const known = failureReasons.get(view.reason);
  if (known !== undefined) return `${when}: ${known(view)}`;
  const member = view.cluster.members.find(({ pod }) => pod?.phase === 'Failed');
  const failed = member?.pod === undefined ? undefined : failedEnd(member.pod, member.container);
  if (member !== undefined && failed !== undefined)
    return `${when}: ${shortName(member)} ended with ${describeEnd(failed.end)}`;
  return view.message === '' ? when : `${when}: ${messageText(view.message)}`;
}

function metricEvidence({ status }: LiveCustom): readonly Evidence[] {
  const metrics = listAt(objectAt(status, 'trainerStatus'), 'metrics').map(
    (metric) => `${plainText(textAt(metric, 'name'), 60)} ${plainText(textAt(metric, 'value'), 40)}`,
  );
  return metrics.length === 0
    ? []
    : [{ level: 'healthy', text: `reports ${metrics.slice(0, 5).join(', ')}`, source: 'tensorflow' }];
}
