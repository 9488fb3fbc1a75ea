import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { numberAt, objectAt, textAt, timeAt, isSetAt } from '#core/live/reading.ts';
import { labels } from '#core/systems/spark/live/pods.ts';

/** A SparkApplication of Kubeflow with its status, as its states are told. */
export interface KubeflowApplication {
  readonly cluster: DataCluster;
  readonly resource: LiveCustom;
  readonly now: number;
  /** Empty while it is new. */
  readonly state: string;
  readonly error: string;
  readonly isSuspended: boolean;
  readonly driver: LiveMember | undefined;
  /** Runs so far, this one included; counted anew when the spec changes. */
  readonly executions: number;
  readonly submissions: number;
  readonly submittedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Executors of a static number; undefined when Spark decides. */
  readonly executorsWanted: number | undefined;
  readonly restart: RestartPolicy;
}

interface RestartPolicy {
  readonly type: string;
  readonly failureRetries: number | undefined;
  readonly failureInterval: number | undefined;
  readonly submissionRetries: number | undefined;
  readonly submissionInterval: number | undefined;
}

export function viewKubeflowApplication(cluster: DataCluster, resource: LiveCustom, now: number): KubeflowApplication {
  const { spec, status } = resource;
  return {
    cluster,
    resource,
    now,
    state: textAt(status, 'applicationState', 'state'),
    error: textAt(status, 'applicationState', 'errorMessage'),
    isSuspended: isSetAt(spec, 'suspend'),
    driver: cluster.members.find(({ role }) => role === 'driver'),
    executions: numberAt(status, 'executionAttempts') ?? 0,
    submissions: numberAt(status, 'submissionAttempts') ?? 0,
    submittedAt: timeAt(status, 'lastSubmissionAttemptTime') ?? timeAt(status, 'submissionTime'),
    endedAt: timeAt(status, 'terminationTime') ?? timeAt(status, 'completionTime'),
    executorsWanted: staticExecutors(resource),
    restart: readRestartPolicy(resource),
  };
}

/** One executor when nothing is said; no number when Spark allocates them as it needs. Source: defaults of the operator's webhook. */
export function staticExecutors({ spec }: LiveCustom): number | undefined {
  const isDynamic =
    isSetAt(spec, 'dynamicAllocation', 'enabled') ||
    textAt(objectAt(spec, 'sparkConf'), 'spark.dynamicAllocation.enabled') === 'true';
  return isDynamic ? undefined : (numberAt(spec, 'executor', 'instances') ?? 1);
}

/** Name of the pod the driver has or will have. */
export function driverPodName({ spec, status, meta }: LiveCustom): string {
  return (
    textAt(status, 'driverInfo', 'podName') ||
    textAt(spec, 'driver', 'podName') ||
    textAt(objectAt(spec, 'sparkConf'), 'spark.kubernetes.driver.pod.name') ||
    `${meta.name}-driver`
  );
}

/** The schedule whose run it is; empty when it is nobody's. */
export function scheduleOf({ meta }: LiveCustom): string {
  const owner = meta.owners.find(({ kind }) => kind === 'ScheduledSparkApplication');
  return owner?.name ?? meta.labels[labels.schedule] ?? '';
}

/**
 * When the operator tries again; undefined when it does not, or when that cannot be known. It waits the interval as many times as it has
 * submitted, from the last submission on. Source: ShouldRetry and TimeUntilNextRetryDue of the Kubeflow operator.
 */
export function nextRetry(view: KubeflowApplication): { readonly at: number | undefined } | undefined {
  const { restart, submissions, submittedAt } = view;
  const isSubmission = view.state === 'SUBMISSION_FAILED';
  const retries = isSubmission ? restart.submissionRetries : restart.failureRetries;
  const done = isSubmission ? submissions : view.executions;
  const isAllowed =
    restart.type === 'Always' || (restart.type === 'OnFailure' && retries !== undefined && done <= retries);
  if (!isAllowed) return undefined;
  const interval = isSubmission ? restart.submissionInterval : restart.failureInterval;
  if (interval === undefined || submittedAt === undefined || submissions === 0) return { at: undefined };
  return { at: submittedAt + interval * 1_000 * submissions };
}

/** The first versions wrote the policy as one word. */
function readRestartPolicy({ spec }: LiveCustom): RestartPolicy {
  const policy = objectAt(spec, 'restartPolicy');
  return {
    type: textAt(spec, 'restartPolicy') || textAt(policy, 'type') || 'Never',
    failureRetries: numberAt(policy, 'onFailureRetries'),
    failureInterval: numberAt(policy, 'onFailureRetryInterval'),
    submissionRetries: numberAt(policy, 'onSubmissionFailureRetries'),
    submissionInterval: numberAt(policy, 'onSubmissionFailureRetryInterval'),
  };
}
