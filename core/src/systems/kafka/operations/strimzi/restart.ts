import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Precondition } from '#core/operations/model.ts';
import { textAt } from '#core/systems/kafka/live/json.ts';
import { conditionsOf } from '#core/systems/kafka/live/operatorFindings.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { AskedRestart } from '#core/systems/kafka/operations/operated/askedRestart.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import {
  planAskedRestart,
  type AskedFindings,
  type AskedWords,
} from '#core/systems/kafka/operations/operated/planAsked.ts';
import { kafkaRestartOf } from '#core/systems/kafka/operations/restartOf.ts';
import { isAskedToRoll, resourceCheck } from '#core/systems/kafka/operations/strimzi/cluster.ts';
import { annotate, StrimziRoute } from '#core/systems/kafka/operations/strimzi/route.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const words: AskedWords = {
  title: operatorNames.strimzi,
  effect: ({ name }) =>
    `${name} gets the annotation strimzi.io/manual-rolling-update; Strimzi restarts it at its next round`,
  done: 'the pod is another one, the annotation is gone, it is ready',
  risks: [
    'Strimzi checks by itself whether the broker may go, with its own rules, and may put it off.',
    'A pod that does not start again ends the run there: one broker is out, all others are untouched.',
    'Strimzi may lose the annotation when it is set while it is at work; it is set again, three times at most.',
    'When the operator dies, nothing more happens; the run pauses, and one annotation at most is left.',
  ],
  expectedMs: 150_000,
};

/** Restart of clusters that Strimzi runs: see AskedRestart. */
export const strimziRestart: KafkaOperation<'restart'> = {
  refusal: strimziRefusal,
  plan: (wish, ports) => planAskedRestart(wish, ports, words, (members) => look(ports.data, members, ports.cluster)),
  procedure: (plan, ports) => new AskedRestart(new StrimziRoute(plan, ports.cluster), kafkaRestartOf(plan, ports)),
};

/** Without its Kafka resource nobody can tell what the operator thinks of it. */
export function strimziRefusal({ resource, name, workloads }: DataCluster): string | undefined {
  if (!resource) return `The Kafka resource of ${name} may not be read, so what Strimzi does with it is not known.`;
  if (workloads.length === 0) return undefined;
  return `${name} runs in StatefulSets of a Strimzi before 0.35; update the operator first.`;
}

async function look(data: DataCluster, members: readonly LiveMember[], cluster: Cluster): Promise<AskedFindings> {
  const operators = await findOperators(cluster, 'strimzi', data.namespace);
  const podSet = data.customs.find(({ customKind }) => customKind === 'StrimziPodSet');
  const hasUnready = data.members.some(({ pod }) => pod?.isReady !== true);
  return {
    preconditions: [
      operatorCheck(operatorNames.strimzi, data.namespace, operators),
      ...(data.resource ? [resourceCheck(data.resource, hasUnready)] : []),
      nobodyAsked(data),
      noRebalance(data),
      await annotatable(members, cluster),
    ],
    parameters: {
      ...operatorParameters(operators),
      podSetApi: podSet ? `${podSet.group}/${podSet.version}` : '',
    },
  };
}

function nobodyAsked({ members, customs }: DataCluster): Precondition {
  const id = { id: 'asked', title: 'Strimzi is asked for no other restart' };
  const asked = [
    ...members.filter(({ pod }) => pod && isAskedToRoll(pod)).map(({ name }) => name),
    ...customs
      .filter((custom) => custom.customKind === 'StrimziPodSet' && isAskedToRoll(custom))
      .map(({ meta }) => meta.name),
  ];
  if (asked.length === 0) return { ...id, state: 'holds', evidence: ['No pod and no pod set has the annotation'] };
  const evidence = [`strimzi.io/manual-rolling-update is set on ${asked.join(', ')}`];
  return { ...id, state: 'fails', evidence, fix: 'Wait until they are restarted, or take the annotation away.' };
}

/** States in which Cruise Control moves replicas. */
const MOVING = 'Rebalancing';

export function noRebalance({ customs, resource }: DataCluster): Precondition {
  const id = { id: 'rebalance', title: 'Cruise Control moves nothing' };
  const moving = customs.filter(
    (custom) =>
      custom.customKind === 'KafkaRebalance' &&
      conditionsOf(custom).some(({ type, status }) => type === MOVING && status === 'True'),
  );
  const automatic = textAt(resource?.status, 'autoRebalance', 'state');
  const evidence = [
    ...moving.map(({ meta }) => `KafkaRebalance ${meta.name} is under way`),
    ...(automatic === '' || automatic === 'Idle' ? [] : [`Automatic rebalance: ${automatic}`]),
  ];
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['No KafkaRebalance is under way'] };
  return { ...id, state: 'fails', evidence, fix: 'Wait until it is over, or stop it.' };
}

/** The server tries without effect whether the pods may be annotated. */
async function annotatable(members: readonly LiveMember[], cluster: Cluster): Promise<Precondition> {
  const id = { id: 'annotation', title: 'The pods may be annotated' };
  const evidence: string[] = [];
  for (const { pod } of members) {
    if (!pod) continue;
    const { namespace, name, uid } = pod.meta;
    try {
      await annotate(cluster, namespace, name, uid, { dryRun: true });
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      evidence.push(`${name}: ${error.message}`);
    }
  }
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right to patch pods, or see what refuses it.' };
}
