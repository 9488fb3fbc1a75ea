import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { ContainerEnd, LiveCustom } from '#core/live/objects.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt, timeAt } from '#core/json.ts';

/** One state an application or a cluster of the Apache operator has been in. */
export interface ApacheState {
  readonly summary: string;
  readonly message: string;
  readonly at: number | undefined;
  /** How the driver's container ended, as the operator last saw its pod; the pod itself may be gone. */
  readonly end: ContainerEnd | undefined;
}

/** A SparkApplication or SparkCluster of the Apache operator with its status, as its states are told. */
export interface ApacheView {
  readonly cluster: DataCluster;
  readonly resource: LiveCustom;
  readonly now: number;
  readonly current: ApacheState;
  /** States of this attempt and, unless the operator trims them, of those before; oldest first. */
  readonly history: readonly ApacheState[];
  /** From 0. */
  readonly attempt: number;
  readonly driver: LiveMember | undefined;
}

export function viewApache(cluster: DataCluster, resource: LiveCustom, now: number): ApacheView {
  const { status } = resource;
  return {
    cluster,
    resource,
    now,
    current: readState(status['currentState']),
    history: readTransitions(status),
    attempt: numberAt(status, 'currentAttemptSummary', 'attemptInfo', 'id') ?? 0,
    driver: cluster.members.find(({ role }) => role === 'driver'),
  };
}

/** How many executors an application should have; undefined when nothing says so or when Spark decides. */
export function apacheExecutors({ spec }: LiveCustom): number | undefined {
  const settings = objectAt(spec, 'sparkConf');
  if (textAt(settings, 'spark.dynamicAllocation.enabled') === 'true') return undefined;
  const instances = textAt(settings, 'spark.executor.instances');
  return /^\d{1,9}$/.test(instances) ? Number(instances) : undefined;
}

/** Limits of executors, where they are set; 0 stands for none. */
export function executorLimits({ spec }: LiveCustom): {
  readonly init: number;
  readonly min: number;
  readonly max: number;
} {
  const limits = objectAt(spec, 'applicationTolerations', 'instanceConfig');
  return {
    init: numberAt(limits, 'initExecutors') ?? 0,
    min: numberAt(limits, 'minExecutors') ?? 0,
    max: numberAt(limits, 'maxExecutors') ?? 0,
  };
}

/** The states in which an attempt ends. Source: ApplicationStateSummary. */
export const endings: ReadonlySet<string> = new Set([
  'Succeeded',
  'Failed',
  'SchedulingFailure',
  'DriverEvicted',
  'DriverStartTimedOut',
  'DriverReadyTimedOut',
  'ExecutorsStartTimedOut',
]);

/** States behind an ending, which say only what becomes of the application and its pods. */
const aftermaths: ReadonlySet<string> = new Set([
  'ScheduledToRestart',
  'ResourceReleased',
  'TerminatedWithoutReleaseResources',
]);

/** How the last attempt has ended; undefined when it was stopped from outside. */
export function lastEnding({ history, resource }: ApacheView): ApacheState | undefined {
  const previous = readTransitions(objectAt(resource.status, 'previousAttemptSummary'));
  const last = [...previous, ...history].findLast(({ summary }) => !aftermaths.has(summary));
  return last !== undefined && endings.has(last.summary) ? last : undefined;
}

/** When this attempt began to run, as far as the history says. */
export function attemptStart({ history }: ApacheView): number | undefined {
  const begin = history.findLastIndex(({ summary }) => summary === 'ScheduledToRestart' || summary === 'Submitted');
  return history.slice(Math.max(0, begin)).find(({ summary }) => summary !== 'ScheduledToRestart')?.at;
}

/**
 * When the next attempt begins: the pause counts from the moment the restart was decided. Pauses of their own for failures and for
 * scheduling failures count where they are set. Source: RestartConfig.getEffectiveRestartBackoffMillis and AppCleanUpStep.
 */
export function restartsAt(view: ApacheView): number | undefined {
  const { current, resource } = view;
  const config = objectAt(resource.spec, 'applicationTolerations', 'restartConfig');
  const summary = lastEnding(view)?.summary;
  const forScheduling =
    summary === 'SchedulingFailure' ? numberAt(config, 'restartBackoffMillisForSchedulingFailure') : undefined;
  const forFailure = summary === 'Succeeded' ? undefined : numberAt(config, 'restartBackoffMillisForFailure');
  const pause = forScheduling ?? forFailure ?? numberAt(config, 'restartBackoffMillis') ?? DEFAULT_PAUSE_MS;
  return current.at === undefined ? undefined : current.at + pause;
}

const DEFAULT_PAUSE_MS = 30_000;

/** The states of an attempt that a status or a part of it keeps, oldest first. */
export function readTransitions(summary: JsonObject): readonly ApacheState[] {
  const entries = Object.entries(objectAt(summary, 'stateTransitionHistory'));
  return entries
    .filter(([key, value]) => /^\d+$/.test(key) && isObject(value))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => readState(value));
}

function readState(value: unknown): ApacheState {
  return {
    summary: textAt(value, 'currentStateSummary'),
    message: textAt(value, 'message'),
    at: timeAt(value, 'lastTransitionTime'),
    end: readEnd(value),
  };
}

/** The state of a driver that failed keeps the status of its pod. */
function readEnd(value: unknown): ContainerEnd | undefined {
  const statuses = listAt(value, 'lastObservedDriverStatus', 'containerStatuses');
  const ends = statuses.map((status) => objectAt(status, 'state', 'terminated'));
  const failed = ends.find((end) => (numberAt(end, 'exitCode') ?? 0) !== 0);
  if (failed === undefined) return undefined;
  return {
    exitCode: numberAt(failed, 'exitCode') ?? 0,
    signal: numberAt(failed, 'signal'),
    reason: textAt(failed, 'reason'),
    message: textAt(failed, 'message'),
    startedAt: timeAt(failed, 'startedAt'),
    finishedAt: timeAt(failed, 'finishedAt'),
  };
}
