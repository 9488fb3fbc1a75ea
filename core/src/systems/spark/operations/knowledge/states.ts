import type { JsonObject } from '#core/json.ts';
import { textAt } from '#core/json.ts';

/**
 * What is under way while the operator says a state, as far as it counts for whoever wants to change something:
 * - `waiting`: nobody has begun;
 * - `running`: there is a driver, or there may be one at any moment; whatever makes it go loses the work;
 * - `retrying`: a run has failed, and the operator decides whether it tries again;
 * - `changing`: the operator is between two states, and what is asked of it now may be lost;
 * - `suspended`, `over`;
 * - `unknown`: the operator cannot tell, or says a state of a later version.
 */
export type Under = 'waiting' | 'running' | 'retrying' | 'changing' | 'suspended' | 'over' | 'unknown';

export interface StateMachine {
  /** Where the state stands in the status. */
  readonly path: readonly string[];
  readonly states: Readonly<Record<string, Under>>;
}

/** Source: ApplicationStateType and Reconcile of the Kubeflow operator 2.5. `NEW` is how early versions wrote the empty state. */
export const kubeflowApplication: StateMachine = {
  path: ['applicationState', 'state'],
  states: {
    '': 'waiting',
    NEW: 'waiting',
    SUBMITTED: 'running',
    RUNNING: 'running',
    SUCCEEDING: 'changing',
    FAILING: 'retrying',
    SUBMISSION_FAILED: 'retrying',
    PENDING_RERUN: 'changing',
    INVALIDATING: 'changing',
    SUSPENDING: 'changing',
    RESUMING: 'changing',
    SUSPENDED: 'suspended',
    COMPLETED: 'over',
    FAILED: 'over',
    UNKNOWN: 'unknown',
  },
};

/** Source: ScheduleState of the same. A schedule runs nothing itself. */
export const kubeflowSchedule: StateMachine = {
  path: ['scheduleState'],
  states: { '': 'waiting', Validating: 'changing', Scheduled: 'running', FailedValidation: 'over' },
};

/** Source: SparkConnectState of the same. A server that is not ready may still have sessions. */
export const kubeflowConnect: StateMachine = {
  path: ['state'],
  states: {
    '': 'waiting',
    Provisioning: 'waiting',
    Ready: 'running',
    NotReady: 'running',
    Failed: 'over',
    Completed: 'over',
  },
};

/** Source: ApplicationStateSummary of the Apache operator 1.0; Suspended of its later versions. */
export const apacheApplication: StateMachine = {
  path: ['currentState', 'currentStateSummary'],
  states: {
    '': 'waiting',
    Submitted: 'waiting',
    ScheduledToRestart: 'retrying',
    DriverRequested: 'running',
    DriverStarted: 'running',
    DriverReady: 'running',
    InitializedBelowThresholdExecutors: 'running',
    RunningHealthy: 'running',
    RunningWithPartialCapacity: 'running',
    RunningWithBelowThresholdExecutors: 'running',
    DriverStartTimedOut: 'changing',
    DriverReadyTimedOut: 'changing',
    ExecutorsStartTimedOut: 'changing',
    Succeeded: 'changing',
    Failed: 'changing',
    SchedulingFailure: 'changing',
    DriverEvicted: 'changing',
    Suspended: 'suspended',
    ResourceReleased: 'over',
    // Its pods are kept, and its driver has ended.
    TerminatedWithoutReleaseResources: 'over',
  },
};

/** Source: ClusterStateSummary of the same. */
export const apacheCluster: StateMachine = {
  path: ['currentState', 'currentStateSummary'],
  states: {
    '': 'waiting',
    Submitted: 'waiting',
    RunningHealthy: 'running',
    SchedulingFailure: 'over',
    Failed: 'over',
    Suspended: 'suspended',
    ResourceReleased: 'over',
  },
};

/** As the operator writes it; empty while it has written none. */
export function stateOf({ path }: StateMachine, status: JsonObject): string {
  return textAt(status, ...path);
}

export function underOf({ states }: StateMachine, state: string): Under {
  return Object.hasOwn(states, state) ? (states[state] ?? 'unknown') : 'unknown';
}

/** Something would be killed by whatever takes the pods away: what nobody knows counts as running. */
export function mayRun(under: Under): boolean {
  return under === 'running' || under === 'unknown' || under === 'changing';
}
