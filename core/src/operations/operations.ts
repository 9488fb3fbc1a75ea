import type { DataCluster } from '#core/live/model.ts';
import type { Clock, Cluster, Stoppable } from '#core/live/ports.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { FoundJournal } from '#core/operations/journals.ts';
import type { AskOutcome } from '#core/operations/leaseLock.ts';
import type { OperationName, OperationTarget, Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl, RunSettings } from '#core/operations/run.ts';
import type { ConfigureWish, NodeDrainWish, OperationWish, RollbackWish } from '#core/operations/wishes.ts';

/**
 * What the editor and the command line do with operations, whatever the system. dist/kubernetes.cjs exports one; the implementation is
 * in core/src/systems/operations.ts.
 */
export interface Operations {
  /** What can be done with a data cluster, in the order of a menu; contacts nothing. */
  offers(this: void, data: DataCluster): readonly Offer[];
  /**
   * A plan with every precondition checked now. Changes nothing.
   * @throws ClusterProblem when the cluster cannot be asked, or when the wish cannot be fulfilled there
   */
  plan(this: void, wish: OperationWish, ports: PlanningPorts): Promise<Plan>;
  /** The same for a Kubernetes node. @throws ClusterProblem */
  planNodeDrain(this: void, wish: NodeDrainWish, ports: NodePlanningPorts): Promise<Plan>;
  /** The same for a Helm release. @throws ClusterProblem */
  planRollback(this: void, wish: RollbackWish, ports: NodePlanningPorts): Promise<Plan>;
  /** Files that go with a plan, such as the moves and the way back in the format of Kafka's own tools. Made anew from the plan. */
  files(this: void, plan: Plan): readonly PlanFile[];
  /**
   * Wishes that put back what a run has changed, to be planned one after the other like any other. Empty for a run that is not over, that has
   * changed nothing that can be put back this way, or whose record does not say what was before. Never throws, whatever the record says.
   */
  undoing(this: void, record: RunRecord): readonly ConfigureWish[];
  /** Runs a plan, or goes on with what an earlier run left. Never rejects for what happens on the way: the record says how it ended. */
  run(this: void, request: RunOrder, ports: RunnerPorts): Promise<RunRecord>;
  /** What is kept of the runs of one data cluster or node; undefined when there were none. @throws ClusterProblem */
  history(this: void, target: JournalPlace, cluster: Cluster): Promise<JournalContents | undefined>;
  /**
   * Tells of all journals that may be read, again whenever one changes: of the given namespaces, or of all.
   * A namespace that may not be read tells nothing.
   */
  watchJournals(
    this: void,
    cluster: Cluster,
    namespaces: readonly string[] | undefined,
    listener: (journals: readonly FoundJournal[]) => void,
  ): Stoppable;
  /** Asks whoever runs an operation there, on whatever machine, to end or to pause it between two steps. @throws ClusterProblem */
  ask(this: void, wish: 'cancel' | 'pause', target: JournalPlace, cluster: Cluster): Promise<AskOutcome>;
}

/** Where the journal of a target is. */
export type JournalPlace = Pick<OperationTarget, 'system' | 'name' | 'namespace'>;

export interface Offer {
  readonly operation: OperationName;
  /** Why it cannot be done there, a sentence; absent when it can be planned. */
  readonly refusal?: string;
  /**
   * False where it would be out of place in the menu, because of the state of the data cluster or because it has another name there; whoever
   * asks for it all the same is told the refusal.
   */
  readonly isInMenu?: false;
}

export interface PlanningPorts {
  readonly data: DataCluster;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** A new id for the plan. */
  readonly id: string;
}

export interface NodePlanningPorts extends Omit<PlanningPorts, 'data'> {
  /** Every data cluster that is known of the whole Kubernetes cluster. */
  readonly clusters: readonly DataCluster[];
}

export interface PlanFile {
  readonly name: string;
  readonly text: string;
}

export interface RunOrder {
  readonly plan: Plan;
  /** The data clusters the plan is about, of the plan itself and of its parts. */
  readonly clusters: readonly DataCluster[];
  readonly earlier?: RunRecord;
  /** What was typed, where the earlier run was paused to ask for a name (RunState). */
  readonly confirmed?: string;
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
