import { numberAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Precondition } from '#core/operations/model.ts';
import { keptElsewhere } from '#core/operations/operated/keptElsewhere.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import { readResource, type ResourceNow } from '#core/operations/operated/resource.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { casskopUnrest, isSameRack, topologyOf } from '#core/systems/cassandra/operations/operated/casskopNow.ts';
import { askCasskop, CasskopRoute } from '#core/systems/cassandra/operations/operated/casskopRoute.ts';
import type { OperatedFlavour, Purpose } from '#core/systems/cassandra/operations/operated/operatedFlavour.ts';
import type { OperatorFindings, RackWords } from '#core/systems/cassandra/operations/operated/operatedPlan.ts';
import type { OperatedRack, RingOperator } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const words: RackWords = {
  effect: ({ name, datacenter, workload }) =>
    `rack ${name} of ${datacenter} gets rollingRestart: true, which CassKop takes back when it begins; the pods of ${workload} then go one after the other`,
  between: 'it asks for readiness and its own disruption budget, not for the ring, its schema or its streams',
  undo: 'as long as CassKop has not begun, rollingRestart is taken back',
};

/** Rings of CassKop. Its rollingRestart is asked for one rack at a time, with our gates in between. */
export const casskop: OperatedFlavour = {
  refusal({ name, resource, workloads }) {
    if (!resource) return `The CassandraCluster of ${name} may not be read, and CassKop is asked through it.`;
    if (resource.customKind === 'MultiCasskop')
      return `${name} is a MultiCasskop, whose rings are in other contexts. Open each of them and restart it there, one after the other.`;
    return workloads.length === 0 ? `No StatefulSet of ${name} is known, so its racks are not.` : undefined;
  },
  look,
  words,
  /** Without a topology there is no place to ask for one. */
  hasRacks: ({ resource }) => resource !== undefined && topologyOf(resource.spec).length > 0,
  rackRoute: (plan, ports) => new CasskopRoute(plan, ports),
  guard: (plan, ports) => new CasskopRoute(plan, ports),
};

async function look(operator: RingOperator, ports: PlanningPorts, purpose: Purpose): Promise<OperatorFindings> {
  const { data, cluster } = ports;
  if (!operator.resource) throw new ClusterProblem('absent', `The CassandraCluster of ${data.name} may not be read.`);
  const operators = await findOperators(cluster, 'casskop', data.namespace);
  const now = await readResource(cluster, data.namespace, operator.resource);
  return {
    preconditions: [
      operatorCheck(operatorNames.casskop, data.namespace, operators),
      restCheck(now),
      ...(purpose === 'racks'
        ? [
            racksCheck(operator, now),
            budgetCheck(data, now),
            ...keptElsewhere(now.object, 'a rollingRestart that is put back is one more restart of the rack'),
            await writable(operator, now, cluster),
          ]
        : []),
    ],
    parameters: operatorParameters(operators),
    risks: RISKS[purpose],
  };
}

const RISKS: Readonly<Record<Purpose, readonly string[]>> = {
  racks: [
    'Nodes that all start at the same time each take themselves for a seed and make rings of their own (casskop 384); so racks never go together.',
  ],
  pods: ['While a pod is away CassKop may call the cluster Pending, and begins nothing else.'],
  maintenance: [
    'A pod that is drained fails probes that ask for CQL; with restartCountBeforePodDeletion CassKop deletes it after so many restarts.',
  ],
};

function restCheck({ resource }: ResourceNow): Precondition {
  const id = { id: 'operator-rest', title: 'CassKop is at rest' };
  const asked = topologyOf(resource.spec).filter(({ isAsked }) => isAsked);
  const evidence = [
    ...[casskopUnrest(resource)].flatMap((unrest) => unrest?.text ?? []),
    ...asked.map(({ datacenter, rack }) => `rollingRestart is set on rack ${rack} of ${datacenter}`),
  ];
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['Phase Running, no action and no operation'] };
  return { ...id, state: 'fails', evidence, fix: 'Wait until it is over, or see why it does not go on.' };
}

function racksCheck({ racks }: RingOperator, { resource }: ResourceNow): Precondition {
  const id = { id: 'racks', title: 'Every rack is found in the topology and is rolled to its end' };
  const topology = topologyOf(resource.spec);
  const evidence = racks.flatMap((rack) => {
    const found = topology.find((one) => isSameRack(one, nameOf(rack)));
    if (!found) return [`${rack.workload} is of no rack of the topology`];
    const held = `rack ${found.rack} of ${found.datacenter} has rollingPartition ${found.partition}`;
    return found.partition > 0 ? [`${held}: its restart would never come to an end`] : [];
  });
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: [racks.map(({ name }) => name).join(', ')] };
  return {
    ...id,
    state: 'fails',
    evidence,
    fix: 'Set rollingPartition to 0, or ask for a strict restart, pod by pod.',
  };
}

const nameOf = ({ name, datacenter }: OperatedRack): { readonly rack: string; readonly datacenter: string } => ({
  rack: name,
  datacenter,
});

/** CassKop makes a disruption budget of its own, which lets `maxPodUnavailable` be away, and goes by it. */
function budgetCheck({ budgets }: DataCluster, { resource }: ResourceNow): Precondition {
  const id = { id: 'operator-budget', title: "CassKop's disruption budget lets one node go" };
  const most = numberAt(resource.spec, 'maxPodUnavailable') ?? 1;
  const evidence = [
    `maxPodUnavailable is ${most}`,
    ...budgets.map(({ meta, disruptionsAllowed }) => `${meta.name} allows ${disruptionsAllowed} now`),
  ];
  if (most < 1) return { ...id, state: 'fails', evidence, fix: 'Set maxPodUnavailable to 1.' };
  const isClosed = budgets.some(({ disruptionsAllowed }) => disruptionsAllowed < 1);
  if (most > 1 || isClosed)
    return { ...id, state: 'warns', evidence, fix: 'With 1, and all pods ready, one goes at a time.' };
  return { ...id, state: 'holds', evidence };
}

/** The server tries without effect. */
async function writable({ racks, namespace }: RingOperator, now: ResourceNow, cluster: Cluster): Promise<Precondition> {
  const id = { id: 'resource-right', title: 'The CassandraCluster may be changed' };
  const [rack] = racks;
  try {
    if (rack) await askCasskop(cluster, namespace, now, nameOf(rack), true, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return { ...id, state: 'fails', evidence: [error.message], fix: 'Ask for the right to patch CassandraClusters.' };
  }
}
