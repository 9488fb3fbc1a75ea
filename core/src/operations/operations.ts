import type { DataCluster } from '#core/live/model.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { OperationTarget, Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl, RunSettings } from '#core/operations/run.ts';

/**
 * What the editor and the command line do with operations, whatever the system. dist/kubernetes.cjs exports one; the implementation is
 * in core/src/systems/operations.ts.
 */
export interface Operations {
  /**
   * A plan for a safe restart with every precondition checked now. Changes nothing.
   * @throws ClusterProblem when the cluster cannot be asked, or when it is not one that we may restart
   */
  planRestart(this: void, wish: RestartWish, ports: PlanningPorts): Promise<Plan>;
  /** Runs a plan, or goes on with what an earlier run left. Never rejects for what happens on the way: the record says how it ended. */
  run(this: void, request: RunOrder, ports: RunnerPorts): Promise<RunRecord>;
  /** What is kept of the runs of one data cluster; undefined when there were none. @throws ClusterProblem */
  history(
    this: void,
    target: Pick<OperationTarget, 'system' | 'name' | 'namespace'>,
    cluster: Cluster,
  ): Promise<JournalContents | undefined>;
}

export interface RestartWish {
  /** `fully replicated`: every replica is back in sync before the next member goes; `min-ISR safe`: only writes are kept possible. */
  readonly level: 'fully replicated' | 'min-ISR safe';
  /** Pods to restart, in any order; all when absent. */
  readonly only?: readonly string[];
  /** Only those whose pod is of an older template than the workload's. */
  readonly pendingOnly?: boolean;
}

export interface PlanningPorts {
  readonly data: DataCluster;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** A new id for the plan. */
  readonly id: string;
}

export interface RunOrder {
  readonly plan: Plan;
  readonly data: DataCluster;
  readonly earlier?: RunRecord;
}

export interface RunnerPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Differs between any two runs: a user, a machine and something unique. */
  readonly runner: string;
  readonly control: RunControl;
  readonly listener: (progress: Progress) => void;
  readonly settings?: RunSettings;
}
