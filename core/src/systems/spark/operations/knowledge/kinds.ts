import type { DataCluster } from '#core/live/model.ts';
import type { Plan } from '#core/operations/model.ts';
import { kindOf, plannedKindOf } from '#core/operations/jobs/jobOperations.ts';
import {
  apacheApplicationEdits,
  apacheClusterEdits,
  kubeflowApplicationEdits,
  kubeflowConnectEdits,
  kubeflowScheduleEdits,
  type EditRow,
} from '#core/systems/spark/operations/knowledge/editEffects.ts';
import {
  apacheApplication,
  apacheCluster,
  kubeflowApplication,
  kubeflowConnect,
  kubeflowSchedule,
  type StateMachine,
} from '#core/systems/spark/operations/knowledge/states.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** What can be operated of Spark where an operator runs it. */
export interface OperatedKind {
  /** In a sentence: `application`. */
  readonly noun: string;
  readonly machine: StateMachine;
  readonly edits: readonly EditRow[];
  /** As in the table of operators. */
  readonly flavour: string;
  /** Of the Deployment that acts on it, as in the table of operators: its webhook does not count. */
  readonly operator: string;
  /** Label by which its pods name it; empty where it has no pods of its own. */
  readonly podLabel: string;
}

const kubeflow = { flavour: 'kubeflow-spark-operator', operator: operatorNames['kubeflow-spark-operator'] } as const;
const apache = { flavour: 'apache-spark-operator', operator: operatorNames['apache-spark-operator'] } as const;

/** By group and kind of the resource. */
export const operatedKinds: Readonly<Record<string, OperatedKind>> = {
  'sparkoperator.k8s.io/SparkApplication': {
    ...kubeflow,
    noun: 'application',
    machine: kubeflowApplication,
    edits: kubeflowApplicationEdits,
    podLabel: 'sparkoperator.k8s.io/app-name',
  },
  'sparkoperator.k8s.io/ScheduledSparkApplication': {
    ...kubeflow,
    noun: 'schedule',
    machine: kubeflowSchedule,
    edits: kubeflowScheduleEdits,
    podLabel: '',
  },
  'sparkoperator.k8s.io/SparkConnect': {
    ...kubeflow,
    noun: 'Connect server',
    machine: kubeflowConnect,
    edits: kubeflowConnectEdits,
    podLabel: 'sparkoperator.k8s.io/connect-name',
  },
  'spark.apache.org/SparkApplication': {
    ...apache,
    noun: 'application',
    machine: apacheApplication,
    edits: apacheApplicationEdits,
    podLabel: 'spark.operator/spark-app-name',
  },
  'spark.apache.org/SparkCluster': {
    ...apache,
    noun: 'cluster',
    machine: apacheCluster,
    edits: apacheClusterEdits,
    podLabel: 'spark.operator/spark-cluster-name',
  },
};

/** Undefined for what no operator runs. */
export function operatedKindOf(data: DataCluster): OperatedKind | undefined {
  return kindNamed(kindOf(data));
}

/** The same of a plan. @throws Error for a plan about something else */
export function operatedKindOfPlan(plan: Plan): OperatedKind {
  const kind = kindNamed(plannedKindOf(plan));
  if (kind) return kind;
  throw new Error(
    `The plan is about ${plan.target.anchor.kind} ${plan.target.anchor.name}, which no operator of Spark runs.`,
  );
}

function kindNamed(name: string): OperatedKind | undefined {
  return Object.hasOwn(operatedKinds, name) ? operatedKinds[name] : undefined;
}
