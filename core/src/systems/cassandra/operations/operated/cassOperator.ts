import { listAt, objectAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Precondition } from '#core/operations/model.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';
import { createTask, type TaskTarget } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { CassOperatorRoute } from '#core/systems/cassandra/operations/operated/cassOperatorRoute.ts';
import {
  datacenterCheck,
  heldChangeCheck,
  tasksCheck,
} from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import type { OperatorFindings, RackWords } from '#core/systems/cassandra/operations/operated/operatedPlan.ts';
import type { OperatedFlavour, Purpose } from '#core/systems/cassandra/operations/operated/operatedFlavour.ts';
import { taskTargetOf, type RingOperator } from '#core/systems/cassandra/operations/operated/ringOperator.ts';

const words: RackWords = {
  effect: ({ name, workload }) =>
    `a CassandraTask asks for rack ${name}; cass-operator annotates the template of ${workload}, whose pods then go one after the other, the highest number first`,
  between: 'it asks for readiness and five seconds more, not for the ring, its schema or its streams',
  undo: 'as long as cass-operator has not begun, the task is deleted',
};

/** Rings of cass-operator, one datacenter each, whether a K8ssandraCluster is above it or not. */
export const cassOperator: OperatedFlavour = {
  refusal({ name, resource, workloads }) {
    if (!resource) return `The CassandraDatacenter of ${name} may not be read, and cass-operator is asked through it.`;
    return workloads.length === 0 ? `No StatefulSet of ${name} is known, so its racks are not.` : undefined;
  },
  look,
  words,
  rackRoute: (plan, ports) => new CassOperatorRoute(plan, ports),
  guard: (plan, ports) => new CassOperatorRoute(plan, ports),
};

async function look(
  operator: RingOperator,
  { data, cluster, id }: PlanningPorts,
  purpose: Purpose,
): Promise<OperatorFindings> {
  const operators = await findOperators(cluster, 'cass-operator', data.namespace);
  const target = taskTargetOf(data);
  const { resource } = data;
  if (!target || !resource)
    throw new ClusterProblem('absent', `The CassandraDatacenter of ${data.name} may not be read.`);
  const hasUnready = data.members.some(({ pod }) => pod?.isReady !== true);
  return {
    preconditions: [
      operatorCheck('cass-operator', data.namespace, operators),
      datacenterCheck(resource, hasUnready),
      await tasksCheck(cluster, target, purpose === 'racks'),
      ...heldChangeCheck(resource),
      ...aboveCheck(operator, data),
      ...(purpose === 'racks'
        ? [...racksCheck(operator, data), await tasksCreatable(cluster, target, id, operator)]
        : []),
      ...(purpose === 'maintenance' ? [limitCheck] : []),
    ],
    parameters: { ...operatorParameters(operators), clusterName: target.clusterName },
    risks: RISKS[purpose],
  };
}

const RISKS: Readonly<Record<Purpose, readonly string[]>> = {
  racks: [],
  pods: [
    'cass-operator starts the process in each new pod: when it dies meanwhile, the node stays away until it is back, and the run says so.',
    'A pod that is drained and not evicted within ten minutes, as by a disruption budget, is deleted by cass-operator.',
  ],
  maintenance: [
    'cass-operator deletes a pod that has not been ready for ten minutes and starts the node again: work that takes longer is cut off by that.',
    'Ending the pod in any way drains once more (preStop) and brings the node back.',
  ],
};

/** Its pods cannot be left drained for longer. Source: deleteStuckNodes of cass-operator. */
const limitCheck: Precondition = {
  id: 'operator-limit',
  title: 'The work is done within ten minutes',
  state: 'warns',
  evidence: [
    'cass-operator deletes a pod that was ready and has not been for ten minutes, and the node comes back by itself',
  ],
  fix: 'For longer work on the machine, cordon its Kubernetes node first: the pod then waits there until it is uncordoned, if its volume is local.',
};

/** A K8ssandraCluster leaves restarts to cass-operator; it writes to the datacenter only what its own spec says. */
function aboveCheck({ above }: RingOperator, { customs, name }: DataCluster): readonly Precondition[] {
  if (above === undefined) return [];
  const id = { id: 'above', title: 'The K8ssandraCluster above has no part in it' };
  const found = customs.find(({ customKind, meta }) => customKind === 'K8ssandraCluster' && meta.name === above);
  const direct = `${name} is asked by CassandraTasks beside it, not by a K8ssandraTask, which goes on to the next datacenter when one has failed`;
  if (!found) {
    const elsewhere = `K8ssandraCluster ${above} is not in sight here: it may be in another namespace, or in another context that reaches this one by k8sContext`;
    return [{ ...id, state: 'holds', evidence: [direct, elsewhere] }];
  }
  const error = textAt(found.status, 'error');
  if (error === '' || error === 'None') return [{ ...id, state: 'holds', evidence: [direct] }];
  const evidence = [`K8ssandraCluster ${above} has an error: ${error}`, direct];
  return [{ ...id, state: 'warns', evidence, fix: 'See to it first: it may change the datacenter once it can again.' }];
}

/** One StatefulSet for each rack of the datacenter, told by the label that a task is matched with, and no roll held back by a partition. */
function racksCheck({ racks }: RingOperator, { workloads, resource }: DataCluster): readonly Precondition[] {
  const id = { id: 'racks', title: 'Every rack is found by its label' };
  const wanted = listAt(resource?.spec, 'racks').map((rack) => textAt(rack, 'name'));
  const names = racks.map(({ name }) => name);
  const unlabelled = racks.filter(({ name }) => name === '').map(({ workload }) => workload);
  const strange = wanted.length === 0 ? [] : names.filter((name) => name !== '' && !wanted.includes(name));
  const twice = names.filter((name, place) => name !== '' && names.indexOf(name) !== place);
  const held = workloads.filter(({ partition }) => partition > 0).map(({ meta }) => meta.name);
  const evidence = [
    ...unlabelled.map((workload) => `${workload} has no label cassandra.datastax.com/rack`),
    ...strange.map((name) => `The datacenter has no rack ${name}`),
    ...twice.map((name) => `Two StatefulSets are labelled as rack ${name}`),
    ...held.map((workload) => `${workload} has a partition, as for a canary: its roll would never come to an end`),
  ];
  if (evidence.length === 0) return [{ ...id, state: 'holds', evidence: [names.join(', ')] }];
  const fix =
    'Repair the labels, or ask for a strict restart: a task for a rack that is not found restarts all of them.';
  return [{ ...id, state: 'fails', evidence, fix }];
}

/** The server tries without effect. */
async function tasksCreatable(
  cluster: Cluster,
  target: TaskTarget,
  planId: string,
  { racks }: RingOperator,
): Promise<Precondition> {
  const id = { id: 'task-right', title: 'A CassandraTask may be created' };
  const [rack] = racks;
  const scope = rack?.name ?? '';
  const wanted = { target, planId, stepId: 'try', command: 'restart', args: { rack: scope }, scope } as const;
  try {
    await createTask(cluster, wanted, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return {
      ...id,
      state: 'fails',
      evidence: [error.message],
      fix: 'Ask for the right to create and delete CassandraTasks.',
    };
  }
}

/** Why a K8ssandraCluster whose datacenters are not in sight cannot be operated on from here. */
export function umbrellaRefusal({ name, resource }: Pick<DataCluster, 'name' | 'resource'>): string {
  const places = datacentersOf(resource).map(({ datacenter, context }) =>
    context === '' ? datacenter : `${datacenter} in the context ${context}`,
  );
  const where = places.length === 0 ? 'elsewhere' : places.join(', ');
  return `The datacenters of K8ssandraCluster ${name} are not in sight here: ${where}. Open the context and the namespace of each and restart it there, one datacenter after the other.`;
}

function datacentersOf(resource: LiveCustom | undefined): readonly { datacenter: string; context: string }[] {
  return listAt(resource?.spec, 'cassandra', 'datacenters').map((one) => ({
    datacenter: textAt(objectAt(one, 'metadata'), 'name'),
    context: textAt(one, 'k8sContext'),
  }));
}
