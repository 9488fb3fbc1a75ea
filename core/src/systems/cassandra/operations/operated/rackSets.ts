import { numberAt, textMapOf, valueAt } from '#core/json.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import { readScaledSet } from '#core/operations/scaledSet.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import type { RackStep } from '#core/systems/cassandra/operations/operated/rackStep.ts';

/** The StatefulSet of a rack, as far as a roll of it goes. */
export interface RackSet {
  readonly workload: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its controller has seen the newest template and replaces no pod. */
  readonly isSettled: boolean;
  /** Pods below this number are kept at an older template; a roll with one never comes to an end. */
  readonly partition: number;
}

/** Those that are there. @throws ClusterProblem */
export async function readRackSets(
  cluster: Cluster,
  namespace: string,
  workloads: readonly string[],
): Promise<readonly RackSet[]> {
  const found = await Promise.all(workloads.map((workload) => readRackSet(cluster, namespace, workload)));
  return found.flatMap((set) => set ?? []);
}

async function readRackSet(cluster: Cluster, namespace: string, workload: string): Promise<RackSet | undefined> {
  try {
    const { object, uid, isSettled } = await readScaledSet(cluster, namespace, workload);
    return {
      workload,
      uid,
      labels: textMapOf(valueAt(object, 'metadata', 'labels')),
      isSettled,
      partition: numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0,
    };
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** How the operator labels StatefulSets. */
export interface RackLabels {
  readonly rack: string;
  readonly datacenter?: string;
}

/** Why a rack must not be rolled: its StatefulSet is not the one of the plan, or one of them is being changed. */
export function obstacleOfSets(rack: RackStep, sets: readonly RackSet[], labels: RackLabels): Answer | undefined {
  const own = sets.find(({ workload }) => workload === rack.workload);
  const fix = 'Make a new plan.';
  if (own?.uid !== rack.workloadUid) {
    const reason = `The StatefulSet ${rack.workload} is another one than when the plan was made, or gone.`;
    return { kind: 'stop', reason, fix };
  }
  // An operator that finds no rack of the name may take them all.
  if (!isLabelled(own, rack, labels)) {
    const reason = `The StatefulSet ${rack.workload} is not labelled as rack ${rack.rack} any more; an operator that finds no such rack may restart all of them.`;
    return { kind: 'stop', reason, fix };
  }
  if (own.partition > 0) {
    const reason = `The StatefulSet ${rack.workload} has a partition of ${own.partition}: a roll of it never comes to an end.`;
    return { kind: 'stop', reason, fix: 'Take the partition back to 0, or make a new plan that goes pod by pod.' };
  }
  const rolling = sets.filter(({ isSettled }) => !isSettled).map(({ workload }) => workload);
  if (rolling.length === 0) return undefined;
  return waiting(`the roll of ${rolling.join(', ')} to be over`, rolling, false);
}

function isLabelled({ labels }: RackSet, { rack, datacenter }: RackStep, names: RackLabels): boolean {
  const isOfDatacenter = names.datacenter === undefined || labels[names.datacenter] === datacenter;
  return labels[names.rack] === rack && isOfDatacenter;
}
