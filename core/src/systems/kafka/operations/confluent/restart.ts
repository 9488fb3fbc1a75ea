import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import {
  MAINTENANCE,
  refOf,
  resourcesOf,
  ROLL_ANNOTATION,
  unrestOf,
} from '#core/systems/kafka/operations/confluent/cluster.ts';
import { askConfluent, ConfluentRoll } from '#core/systems/kafka/operations/confluent/rollProcedure.ts';
import type { KafkaOperation, KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { keptElsewhere } from '#core/operations/operated/keptElsewhere.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import { refusePending, restartParameters } from '#core/systems/kafka/operations/operated/planAsked.ts';
import { readResource } from '#core/operations/operated/resource.ts';
import { chosen } from '#core/systems/kafka/operations/planRestart.ts';
import { examineOperated } from '#core/systems/kafka/operations/restartChecks.ts';
import { restartTargetOf } from '#core/systems/kafka/operations/restartOf.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const TITLE = operatorNames['confluent-for-kubernetes'];
/** Of one pod, the operator's own checks included. */
const POD_MS = 90_000;

/** Restart of clusters that Confluent for Kubernetes runs, a resource at a time: see ConfluentRoll. */
export const confluentRestart: KafkaOperation<'restart'> = {
  refusal: confluentRefusal,
  plan: planConfluentRestart,
  procedure: (plan, ports) => new ConfluentRoll(plan, restartTargetOf(plan, ports)),
};

function confluentRefusal(data: DataCluster): string | undefined {
  const { resource, name } = data;
  if (!resource) return `The Kafka resource of ${name} may not be read, and its operator is asked through it.`;
  if (resource.customKind !== 'Kafka') return `${name} are controllers without a Kafka that is known here.`;
  if (!isInMaintenance(data)) return undefined;
  return `${name} is in maintenance mode (${MAINTENANCE}); its operator restarts nothing until that is over.`;
}

function isInMaintenance(data: DataCluster): boolean {
  const annotated = [...resourcesOf(data), ...data.members.flatMap(({ pod }) => pod ?? [])];
  return annotated.some(({ meta }) => meta.annotations[MAINTENANCE] !== undefined);
}

async function planConfluentRestart(wish: RestartWish, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, clock, door, id } = ports;
  refusePending(wish, TITLE);
  const resources = wholeResources(data, wish);
  const members = resources.flatMap((resource) => membersOf(data, resource));
  const state = await door.state(undefined);
  const target = await targetOf(data, cluster, state.clusterId);
  const operators = await findOperators(cluster, 'confluent-for-kubernetes', data.namespace);
  const preconditions = [
    ...examineOperated({
      // The numbers of controllers are told by nobody; they are asked for by their pods and the quorum as a whole.
      cluster: { ...data, members: data.members.filter(({ role }) => role !== 'controller') },
      members,
      state,
      disks: await door.disks(),
      refusals: [],
      missingRights: await missingJournalRights(target, cluster),
      now: clock.now(),
    }),
    operatorCheck(TITLE, data.namespace, operators),
    contentCheck(data),
    unguarded(members),
    ...orderCheck(wish),
    ...(await writable(resources, cluster, id)),
  ];
  return {
    format: 1,
    id,
    operation: 'restart',
    title: `Restart of Kafka ${data.name} by ${TITLE}`,
    target,
    madeAt: clock.now(),
    parameters: { ...restartParameters(wish, data, members, state), ...operatorParameters(operators) },
    preconditions,
    steps: resources.map((resource) => stepFor(resource, membersOf(data, resource))),
    risks: [
      'Between two pods the operator asks for under-replicated partitions of that broker and for nothing else; min.insync.replicas and the controllers are its own affair.',
      'The active controller is restarted in its turn, not last.',
      'A run that is cancelled or stopped does not stop the operator.',
    ],
    needsTypedName: true,
  };
}

/** Resources of which every pod is to be restarted. @throws ClusterProblem when one is to be restarted in part */
function wholeResources(data: DataCluster, wish: RestartWish): readonly LiveCustom[] {
  const names = new Set(chosen(data, wish).map(({ name }) => name));
  const resources = resourcesOf(data).filter((resource) =>
    membersOf(data, resource).some(({ name }) => names.has(name)),
  );
  for (const resource of resources) {
    const left = membersOf(data, resource).filter(({ name }) => !names.has(name));
    if (left.length === 0) continue;
    throw new ClusterProblem(
      'invalid',
      `${TITLE} restarts all pods of ${resource.customKind} ${resource.meta.name} or none; ${left.map(({ name }) => name).join(', ')} would be left out.`,
    );
  }
  if (resources.length === 0) throw new ClusterProblem('absent', `No node of ${data.name} is to be restarted.`);
  return resources;
}

function membersOf({ members }: DataCluster, { customKind, meta }: LiveCustom): readonly LiveMember[] {
  return members.filter(({ role, group }) =>
    customKind === 'KRaftController' ? role === 'controller' && group === meta.name : role !== 'controller',
  );
}

function stepFor(resource: LiveCustom, members: readonly LiveMember[]): PlannedStep {
  const { apiVersion, kind, name, uid } = refOf(resource);
  return {
    id: `roll-${kind}-${name}`,
    title: `Ask ${TITLE} to restart the ${members.length} pods of ${kind} ${name}`,
    gate: 'every pod is ready, every replica is in sync, the controllers are together, and the operator is at rest',
    effect: `spec.podTemplate.annotations gets ${ROLL_ANNOTATION}; the operator restarts the pods by itself, the highest number first`,
    done: 'every pod is another one, everything is in sync, and the operator says RUNNING',
    expectedMs: POD_MS * members.length,
    parameters: {
      apiVersion,
      resourceKind: kind,
      resource: name,
      uid,
      pods: members.map((member) => member.name),
      uids: members.map(({ pod }) => pod?.meta.uid ?? ''),
    },
  };
}

function contentCheck(data: DataCluster): Precondition {
  const id = { id: 'resource', title: 'The operator is at rest' };
  const evidence = resourcesOf(data).flatMap((resource) => unrestOf(resource) ?? []);
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['Every resource is RUNNING'] };
  return { ...id, state: 'fails', evidence, fix: 'Wait until every resource is RUNNING.' };
}

function unguarded(members: readonly LiveMember[]): Precondition {
  return {
    id: 'unguarded',
    title: 'Every pod goes only when we say so',
    state: 'consent',
    evidence: [
      `${TITLE} restarts ${members.length} pods by itself once it is asked; we can only watch, not hold it back`,
    ],
    fix: 'Agree to its own checks, which ask for under-replicated partitions between two brokers.',
  };
}

function orderCheck({ order, level }: RestartWish): readonly Precondition[] {
  const evidence = [
    ...(order ? ['The operator goes from the highest number down, whatever order is chosen'] : []),
    ...(level === 'min-ISR safe' ? ['The operator waits for every replica of a broker, whatever level is chosen'] : []),
  ];
  if (evidence.length === 0) return [];
  return [{ id: 'order', title: 'The operator does as was chosen', state: 'warns', evidence }];
}

/** The server tries without effect; and who else writes the resources is looked at. */
async function writable(
  resources: readonly LiveCustom[],
  cluster: Cluster,
  planId: string,
): Promise<readonly Precondition[]> {
  const refusals: string[] = [];
  const elsewhere: Precondition[] = [];
  for (const resource of resources) {
    const { namespace, name } = resource.meta;
    try {
      const { object } = await readResource(cluster, namespace, refOf(resource));
      elsewhere.push(...keptElsewhere(object, `one more restart of all pods of ${name}`));
      await askConfluent(cluster, namespace, refOf(resource), planId, { dryRun: true });
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      refusals.push(`${resource.customKind} ${name}: ${error.message}`);
    }
  }
  const id = { id: 'annotation', title: 'The resources may be changed' };
  const right: Precondition =
    refusals.length === 0
      ? { ...id, state: 'holds', evidence: ['Tried without effect'] }
      : { ...id, state: 'fails', evidence: refusals, fix: 'Ask for the right to patch them.' };
  return [right, ...elsewhere.slice(0, 1)];
}
