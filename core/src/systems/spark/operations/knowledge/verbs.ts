import { isSetAt, textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { OperationName } from '#core/operations/model.ts';
import { kindOf, offered, outOfPlace, refused, type JobOffer } from '#core/operations/jobs/jobOperations.ts';
import { kubeflowConnect } from '#core/systems/spark/operations/knowledge/states.ts';
import { operatedKindOf } from '#core/systems/spark/operations/knowledge/kinds.ts';
import { stateOf, underOf, type Under } from '#core/systems/spark/operations/knowledge/states.ts';

/**
 * What each verb does with each kind of job, by operator and version: the one place where it is said. Sources: the reconcilers of the
 * Kubeflow operator 2.5 and of the Apache operator 1.0, and their issues where one is named.
 */
export interface VerbRow {
  /** What happens, in sentences of the plan. */
  readonly does: readonly string[];
  /** States in which it is no question; the sentence says why. */
  readonly notWhile?: Readonly<Partial<Record<Under, string>>>;
  /** It can never be done here, and whoever asks is told why and what can. */
  readonly never?: string;
  /** Not even in the menu: it has another name here. */
  readonly isElsewhere?: true;
}

export type JobVerb = Extract<
  OperationName,
  'rerun' | 'suspend' | 'unsuspend' | 'stop' | 'resubmit' | 'workers' | 'schedule'
>;

export type VerbTable = Readonly<Partial<Record<JobVerb, VerbRow>>>;

const notSuspended = 'It is not suspended.';
const onlyResumed: NonNullable<VerbRow['notWhile']> = {
  waiting: notSuspended,
  running: notSuspended,
  retrying: notSuspended,
  changing: notSuspended,
  unknown: notSuspended,
  over: notSuspended,
};

const kubeflowApplication: VerbTable = {
  rerun: {
    does: [
      'The operator kills the run that is under way, counts attempts from none, and submits it from its beginning; one that has ended runs again too.',
      'It is told by an annotation of the driver in the spec: an edit of the metadata would do nothing.',
    ],
    notWhile: {
      suspended: 'It is suspended: Resume Job runs it from its beginning.',
      waiting: 'It has not been submitted yet.',
    },
  },
  suspend: {
    does: [
      'The operator deletes the driver, and the executors go with it; what is in no checkpoint is lost.',
      'The application stays, and Resume Job runs it from its beginning. Operators since 2.4 know it.',
    ],
    notWhile: {
      over: 'It has ended, and the operator takes no notice of suspend then.',
      suspended: 'It is suspended already.',
    },
  },
  unsuspend: { does: ['The operator submits it anew, from its beginning.'], notWhile: onlyResumed },
  stop: {
    does: ['The application is deleted, and its driver and executors with it. Suspend Job would keep the application.'],
    notWhile: { over: 'It has ended: nothing runs any more.' },
  },
  resubmit: { does: ['What the edit of each field does is said below.'] },
  workers: {
    does: [],
    never:
      'The executors of an application cannot be changed while it runs: another number in executor.instances kills it and runs it anew. With dynamic allocation (spec.dynamicAllocation with minExecutors and maxExecutors) Spark changes their number by itself inside these bounds; Edit and Resubmit turns it on.',
  },
};

const kubeflowSchedule: VerbTable = {
  schedule: {
    does: [
      'Only new runs are affected: those under way go on.',
      'A run that was due while the schedule was paused starts at once when it is resumed; of several only one.',
    ],
  },
  resubmit: { does: ['Runs under way stay as they are; what the edit of each field does is said below.'] },
  stop: {
    does: [],
    never:
      'A schedule is paused, not stopped: Pause Schedule keeps new runs from starting, and each run under way is an application that is stopped by itself.',
    isElsewhere: true,
  },
  rerun: {
    does: [],
    never: 'A schedule runs nothing itself: its runs are applications, and each can be rerun.',
    isElsewhere: true,
  },
  suspend: { does: [], never: 'Of a schedule this is Pause Schedule.', isElsewhere: true },
  unsuspend: { does: [], never: 'Of a schedule this is Resume Schedule.', isElsewhere: true },
  workers: {
    does: [],
    never:
      'The executors of the next runs are spec.template.executor.instances: Edit and Resubmit changes them from the next run on.',
    isElsewhere: true,
  },
};

const connect: VerbTable = {
  rerun: {
    does: [
      'The server pod is deleted and the operator makes a new one from the spec as it is now; every session ends, and its executors with it.',
    ],
    notWhile: { waiting: 'Its server has not been made yet.' },
  },
  stop: { does: ['The SparkConnect is deleted with its server and executors; every session ends.'] },
  resubmit: {
    does: [
      'The operator reads the spec only when it makes the server pod (issues 2665, 3151), so the server pod is deleted after the edit.',
    ],
  },
  workers: {
    does: [
      'The number is an argument of the server, so the server pod is deleted after the edit and every session ends.',
    ],
  },
  suspend: {
    does: [],
    never: 'The operator cannot suspend a Connect server: Stop Job ends it, and its manifest makes it anew.',
    isElsewhere: true,
  },
};

const apacheApplication: VerbTable = {
  rerun: {
    does: [
      'The operator runs an application once and takes no notice of edits (issue 779), so it is deleted and created anew from its own manifest; its history of states goes.',
    ],
    notWhile: { suspended: 'It is suspended: Resume Job runs it from its beginning.' },
  },
  suspend: {
    does: ['The operator deletes the driver, and the executors go with it; what is in no checkpoint is lost.'],
    notWhile: { over: 'It has ended: nothing runs any more.', suspended: 'It is suspended already.' },
  },
  unsuspend: { does: ['The operator begins a new attempt, from its beginning.'], notWhile: onlyResumed },
  stop: {
    does: ['The application is deleted. Its operator releases driver and executors first, so it has to be there.'],
    notWhile: { over: 'It has ended: nothing runs any more.' },
  },
  resubmit: {
    does: ['The operator takes no notice of edits (issue 779), so it is deleted and created anew as edited.'],
  },
  workers: {
    does: [],
    never:
      'The executors of an application cannot be changed while it runs, and its operator takes no notice of edits. With spark.dynamicAllocation.enabled and its minExecutors and maxExecutors in sparkConf Spark changes their number by itself; Edit and Resubmit turns it on.',
  },
};

const apacheCluster: VerbTable = {
  workers: {
    does: [
      'The operator makes the workers once and looks at the SparkCluster no more, so their StatefulSet is changed, or its HorizontalPodAutoscaler where there is one.',
    ],
    notWhile: { waiting: 'Its workers have not been made yet.', suspended: 'It is suspended and has no workers.' },
  },
  suspend: {
    does: ['The operator deletes master and workers; every application in the cluster ends.'],
    notWhile: { over: 'It does not run.', suspended: 'It is suspended already.', waiting: 'It has not been made yet.' },
  },
  unsuspend: { does: ['The operator makes master and workers anew.'], notWhile: onlyResumed },
  stop: { does: ['The SparkCluster is deleted with its master and workers; every application in it ends.'] },
  resubmit: {
    does: [
      'The operator takes no notice of edits while the cluster runs, so it is deleted and created anew as edited; every application in it ends.',
    ],
  },
  rerun: {
    does: [],
    never: 'A cluster runs nothing by itself: what runs in it is submitted to it, and is submitted again there.',
    isElsewhere: true,
  },
};

const driver: VerbTable = {
  stop: {
    does: [
      'The driver pod is deleted, and the executors go with it, because it owns them. The pod of a driver that is deleted does not come back.',
    ],
  },
  rerun: {
    does: [],
    never:
      'Nobody has kept how it was submitted: run spark-submit once more with the same arguments. They stand in the command line of the driver pod and in its ConfigMap; an operator would keep them.',
  },
  resubmit: {
    does: [],
    never: 'There is no manifest of it: run spark-submit with other arguments, after Stop Job where both may not run.',
  },
  workers: {
    does: [],
    never:
      'The executors of an application cannot be changed from outside while it runs. Submitted with --conf spark.dynamicAllocation.enabled=true and its minExecutors and maxExecutors, Spark changes their number by itself.',
  },
  suspend: { does: [], never: 'Nothing would start it again: Stop Job ends it.', isElsewhere: true },
};

const byKind: Readonly<Record<string, VerbTable>> = {
  'sparkoperator.k8s.io/SparkApplication': kubeflowApplication,
  'sparkoperator.k8s.io/ScheduledSparkApplication': kubeflowSchedule,
  'sparkoperator.k8s.io/SparkConnect': connect,
  'spark.apache.org/SparkApplication': apacheApplication,
  'spark.apache.org/SparkCluster': apacheCluster,
  Pod: driver,
};

export function rowOf(data: DataCluster, verb: JobVerb): VerbRow | undefined {
  const kind = kindOf(data);
  return Object.hasOwn(byKind, kind) ? byKind[kind]?.[verb] : undefined;
}

/** How a verb stands with a job by what is known of it; contacts nothing. */
export function offerOf(data: DataCluster, verb: JobVerb): JobOffer {
  const row = rowOf(data, verb);
  if (!row) return outOfPlace('There is no such verb for it.');
  if (row.never !== undefined) return row.isElsewhere === true ? outOfPlace(row.never) : refused(row.never);
  const kind = operatedKindOf(data);
  if (!kind || !data.resource) return verb === 'stop' ? offerOfDriver(data) : offered;
  if (data.resource.meta.deletedAt !== undefined) return outOfPlace('It is being deleted.');
  const under = underOf(kind.machine, stateOf(kind.machine, data.resource.status));
  const isAsked = isSetAt(data.resource.spec, 'suspend') && kind.machine !== kubeflowConnect;
  // What is to be suspended counts as suspended, so that it can be taken back before the operator has heard of it.
  const isEnded = under === 'over' && verb !== 'unsuspend' && verb !== 'rerun';
  const reason = row.notWhile?.[isAsked && !isEnded ? 'suspended' : under];
  return reason === undefined ? offered : outOfPlace(reason);
}

/** Without a resource only the pods tell. */
function offerOfDriver({ members, flavour, owner }: DataCluster): JobOffer {
  const pod = members.find(({ role }) => role === 'driver')?.pod;
  if (!pod) return outOfPlace('There is no driver pod.');
  if (flavour !== 'spark-submit') {
    return refused(
      'An operator runs it whose resource may not be read here, and would start it again: ask for the right to read it.',
    );
  }
  if (pod.meta.labels['spark-role'] !== 'driver') {
    const where = owner && 'kind' in owner ? ` of ${owner.kind} ${owner.name}` : '';
    return refused(
      `Its driver runs inside the pod ${pod.meta.name}${where}, which Spark did not make and which may do more than this: end it there.`,
    );
  }
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return outOfPlace('It has ended: nothing runs any more.');
  return offered;
}

/** With dynamic allocation Spark decides between its bounds. */
export function isDynamic(spec: Readonly<Record<string, unknown>>): boolean {
  return (
    isSetAt(spec, 'dynamicAllocation', 'enabled') ||
    textAt(spec, 'sparkConf', 'spark.dynamicAllocation.enabled') === 'true'
  );
}
