import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { integerAt } from '#core/systems/kafka/live/json.ts';
import type { KafkaOperation, KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { koperatorPlaces, unrestOf } from '#core/systems/kafka/operations/koperator/cluster.ts';
import { askKoperator, KoperatorRoute } from '#core/systems/kafka/operations/koperator/route.ts';
import { AskedRestart } from '#core/systems/kafka/operations/operated/askedRestart.ts';
import { keptElsewhere } from '#core/operations/operated/keptElsewhere.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import {
  planAskedRestart,
  type AskedFindings,
  type AskedWords,
} from '#core/systems/kafka/operations/operated/planAsked.ts';
import { readResource, type ResourceNow, type ResourceRef } from '#core/operations/operated/resource.ts';
import { restartTargetOf } from '#core/systems/kafka/operations/restartOf.ts';
import { KafkaRestart } from '#core/systems/kafka/operations/restartProcedure.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const words: AskedWords = {
  title: operatorNames.koperator,
  effect: ({ index }) =>
    `spec.brokers of ${index ?? '?'} gets the annotation data-clusters.io/restart, which Koperator answers by making its pod anew; it stays there`,
  done: 'the pod of the broker is another one with the annotation, it is ready',
  risks: [
    'Koperator counts brokers with offline or out-of-sync replicas against rollingUpgradeConfig.failureThreshold, and waits meanwhile.',
    'Koperator deletes the pod without asking disruption budgets.',
    'A pod that does not start again ends the run there: one broker is out, all others are untouched.',
  ],
  hasNewNames: true,
  expectedMs: 120_000,
};

/** Restart of clusters that Koperator runs, a broker at a time: see AskedRestart. */
export const koperatorRestart: KafkaOperation<'restart'> = {
  refusal: koperatorRefusal,
  plan: (wish, ports) => planAskedRestart(wish, ports, words, (members) => look(members, ports)),
  procedure(plan, ports) {
    const route = new KoperatorRoute(plan, ports.cluster, ports.door);
    const target = { ...restartTargetOf(plan, ports), findPods: () => route.pods() };
    return new AskedRestart(route, new KafkaRestart(target));
  },
  places:
    ({ target }, { cluster }) =>
    () =>
      koperatorPlaces(cluster, target),
};

export function koperatorRefusal({ resource, name }: DataCluster): string | undefined {
  return resource ? undefined : `The KafkaCluster ${name} may not be read, and Koperator is asked through it.`;
}

async function look(members: readonly LiveMember[], ports: KafkaPlanningPorts): Promise<AskedFindings> {
  const { data, cluster } = ports;
  const operators = await findOperators(cluster, 'koperator', data.namespace);
  const ref = refOf(data);
  const now = await readResource(cluster, data.namespace, ref);
  return {
    preconditions: [
      operatorCheck(operatorNames.koperator, data.namespace, operators),
      stateCheck(now),
      thresholdCheck(now),
      ...keptElsewhere(now.object, 'what it takes away again is one more restart of every broker'),
      await writable(members, now, ports, ref),
    ],
    parameters: operatorParameters(operators),
  };
}

function refOf({ resource, name }: DataCluster): ResourceRef {
  if (!resource) throw new ClusterProblem('absent', `The KafkaCluster ${name} may not be read.`);
  const { group, version, customKind, meta } = resource;
  return { apiVersion: `${group}/${version}`, kind: customKind, name: meta.name, uid: meta.uid };
}

export function stateCheck({ resource }: Pick<ResourceNow, 'resource'>): Precondition {
  const id = { id: 'resource', title: 'Koperator is at rest' };
  const unrest = unrestOf(resource);
  if (unrest === undefined)
    return { ...id, state: 'holds', evidence: [`${resource.meta.name} is in state ClusterRunning`] };
  return { ...id, state: 'fails', evidence: [unrest], fix: 'Wait until it is ClusterRunning.' };
}

/** With a threshold of 0 every rolling upgrade stops before it begins. */
function thresholdCheck({ resource }: ResourceNow): Precondition {
  const id = { id: 'failure-threshold', title: 'The rolling upgrade may begin' };
  const threshold = integerAt(resource.spec, 'rollingUpgradeConfig', 'failureThreshold');
  if (threshold !== undefined && threshold >= 1)
    return { ...id, state: 'holds', evidence: [`rollingUpgradeConfig.failureThreshold is ${threshold}`] };
  const evidence = [`rollingUpgradeConfig.failureThreshold is ${threshold ?? 'not set'}`];
  return { ...id, state: 'fails', evidence, fix: 'Set it to 1: no broker out of sync while another restarts.' };
}

/** The server tries without effect. */
async function writable(
  members: readonly LiveMember[],
  now: ResourceNow,
  { cluster, data, id: planId }: KafkaPlanningPorts,
  anchor: Plan['target']['anchor'],
): Promise<Precondition> {
  const id = { id: 'annotation', title: 'The KafkaCluster may be changed' };
  const nodeId = members.find(({ index }) => index !== undefined)?.index ?? -1;
  const target = { anchor, namespace: data.namespace };
  try {
    await askKoperator(cluster, { target, id: planId }, now, nodeId, planId, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return { ...id, state: 'fails', evidence: [error.message], fix: 'Ask for the right to patch KafkaClusters.' };
  }
}
