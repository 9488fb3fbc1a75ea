import { numberAt, textsOf, valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { decodeDeployment } from '#core/live/decode/workload.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import type {
  KafkaOperation,
  KafkaPlanningPorts,
  KafkaUndertakingPorts,
} from '#core/systems/kafka/operations/kafkaOperation.ts';
import { drainBesideProtocol, rebalanceBesideProtocol } from '#core/systems/kafka/operations/operated/byProtocol.ts';
import {
  findOperators,
  operatorCheck,
  operatorObstacle,
  operatorParameters,
} from '#core/operations/operated/operatorWatch.ts';
import {
  modeIn,
  movedBrokers,
  moveOf,
  planOperatedMove,
  type OperatedMove,
} from '#core/systems/kafka/operations/operated/planMoves.ts';
import { addressOf, readResource, strangerAs } from '#core/operations/operated/resource.ts';
import { kafkaRestartOf } from '#core/systems/kafka/operations/restartOf.ts';
import { resourceCheck, restlessness } from '#core/systems/kafka/operations/strimzi/cluster.ts';
import type { RebalanceRef } from '#core/systems/kafka/operations/strimzi/rebalanceNow.ts';
import {
  Approve,
  APPROVE,
  Propose,
  PROPOSE,
  type RebalancePorts,
} from '#core/systems/kafka/operations/strimzi/rebalanceSteps.ts';
import { noRebalance, strimziRefusal } from '#core/systems/kafka/operations/strimzi/restart.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const TITLE = operatorNames.strimzi;
/** Roughly; a cluster of some terabytes takes hours. */
const PROPOSE_MS = 120_000;
const MOVE_MS = 1_800_000;

/** Evacuation of brokers by Cruise Control: KafkaRebalance with the mode `remove-brokers`. */
export const strimziDrain: KafkaOperation<'drain'> = drainBesideProtocol({
  refusal: strimziRefusal,
  plan: planRebalance,
  procedure: rebalanceProcedureOf,
});

/** Rebalance by Cruise Control: KafkaRebalance with the modes `full`, `add-brokers` and `remove-brokers`. */
export const strimziRebalance: KafkaOperation<'rebalance'> = rebalanceBesideProtocol({
  refusal: strimziRefusal,
  plan: planRebalance,
  procedure: rebalanceProcedureOf,
});

/** @throws ClusterProblem without Cruise Control, by which alone Strimzi moves replicas */
function requireCruiseControl({ name, resource }: DataCluster): void {
  if (valueAt(resource?.spec, 'cruiseControl') !== undefined) return;
  throw new ClusterProblem(
    'invalid',
    `${name} has no Cruise Control (spec.cruiseControl), by which Strimzi moves replicas; what moves them behind its back may be moved back. Without it leaders can be evened out, and taken from a broker.`,
  );
}

async function planRebalance(wish: DrainWish | RebalanceWish, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, id, clock } = ports;
  requireCruiseControl(data);
  const move = moveOf(wish, data, TITLE);
  const apiVersion = await rebalanceApi(data, cluster);
  const name = `${data.name}-${move.mode}-${clock.now().toString(36)}`;
  const ref: RebalanceRef = { apiVersion, namespace: data.namespace, name };
  const spec = specOf(move);
  const operators = await findOperators(cluster, 'strimzi', data.namespace);
  const hasUnready = data.members.some(({ pod }) => pod?.isReady !== true);
  return planOperatedMove(wish, ports, {
    title: TITLE,
    move,
    preconditions: [
      operatorCheck(TITLE, data.namespace, operators),
      ...(data.resource ? [resourceCheck(data.resource, hasUnready)] : []),
      noRebalance(data),
      await cruiseControlCheck(data, cluster),
      await rightsCheck(ref, spec, cluster, id),
    ],
    parameters: {
      ...operatorParameters(operators),
      rebalance: name,
      rebalanceApi: apiVersion,
      exclude: move.exclude,
      throttle: move.throttle ?? 0,
    },
    steps: stepsFor(name, move),
    risks: [
      'Cruise Control decides what is moved, from the metrics it has collected; after its own restart it needs some minutes before it can propose.',
      'When it is restarted while it moves, the KafkaRebalance may stay where it is or fail; what was moved stays.',
      'Stopping takes effect after the batch that is under way.',
      ...(move.mode === 'remove-brokers'
        ? ['Topics that are made meanwhile may be placed on the brokers that are emptied.']
        : []),
    ],
  });
}

/** The version in which KafkaRebalance is served. */
async function rebalanceApi({ resource }: DataCluster, cluster: Cluster): Promise<string> {
  const { resources } = await cluster.resources();
  const found = resources.find(({ group, kind }) => group === 'kafka.strimzi.io' && kind === 'KafkaRebalance');
  if (found) return `${found.group}/${found.version}`;
  if (resource) return `${resource.group}/${resource.version}`;
  throw new ClusterProblem('absent', 'The kind KafkaRebalance is not served.');
}

export function specOf({ mode, brokers, exclude, throttle }: OperatedMove): JsonObject {
  return {
    mode,
    ...(brokers.length > 0 ? { brokers } : {}),
    ...(exclude.length > 0 ? { excludedTopics: exclude.map(toExpression).join('|') } : {}),
    ...(throttle !== undefined && throttle > 0 ? { replicationThrottle: Math.round(throttle) } : {}),
  };
}

/** `orders-*` as a regular expression of Java. */
function toExpression(pattern: string): string {
  return pattern.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`).replaceAll('*', '.*');
}

function stepsFor(name: string, { mode, brokers }: OperatedMove): readonly PlannedStep[] {
  const about = brokers.length === 0 ? '' : ` of broker ${brokers.join(', ')}`;
  return [
    {
      id: 'propose',
      title: `Ask Cruise Control for a proposal (${mode}${about})`,
      gate: 'the operator is alive, the Kafka resource is ready, and nothing is being moved',
      effect: `KafkaRebalance ${name} is created; nothing is moved`,
      done: 'its state is ProposalReady',
      undo: 'it is deleted',
      expectedMs: PROPOSE_MS,
      parameters: { [KIND]: PROPOSE },
    },
    {
      id: 'approve',
      title: 'Approve the proposal and await the moves',
      gate: 'a person has seen the proposal: the run pauses with its figures, and going on approves it',
      effect: 'KafkaRebalance gets the annotation strimzi.io/rebalance=approve; Cruise Control moves replicas',
      done:
        mode === 'remove-brokers'
          ? `its state is Ready, and Kafka says that broker ${brokers.join(', ')} holds nothing`
          : 'its state is Ready',
      undo: 'it is stopped after the batch that is under way; what was moved stays',
      expectedMs: MOVE_MS,
      parameters: { [KIND]: APPROVE },
    },
  ];
}

function rebalanceProcedureOf(plan: Plan, ports: KafkaUndertakingPorts): ProcedureOfKinds {
  const { cluster, clock, door } = ports;
  const { target, parameters } = plan;
  const restart = kafkaRestartOf(plan, ports);
  const mode = modeIn(plan);
  const brokers = movedBrokers(plan);
  const throttle = numberAt(parameters, 'throttle') ?? 0;
  const move: OperatedMove = { mode, brokers, exclude: textsOf(parameters['exclude']), throttle };
  const own: RebalancePorts = {
    plan,
    cluster,
    clock,
    door,
    ref: {
      apiVersion: String(parameters['rebalanceApi'] ?? ''),
      namespace: target.namespace,
      name: String(parameters['rebalance'] ?? ''),
    },
    spec: specOf(move),
    emptied: mode === 'remove-brokers' ? brokers : [],
    obstacle: () => obstacleTo(plan, ports),
  };
  return new ProcedureOfKinds({ [PROPOSE]: new Propose(own), [APPROVE]: new Approve(own) }, async () => {
    return (await restart.verifyIdentity()) ?? strangerAs(cluster, target.namespace, target.anchor);
  });
}

async function obstacleTo(
  { target, parameters }: Plan,
  { cluster, door }: KafkaUndertakingPorts,
): Promise<Answer | undefined> {
  const missing = await operatorObstacle(cluster, textsOf(parameters['operators']), TITLE);
  if (missing) return missing;
  const unrest = restlessness((await readResource(cluster, target.namespace, target.anchor)).resource);
  if (unrest) return wait(unrest.text);
  const { reassignments, clusterId } = await door.state(undefined);
  if (clusterId !== target.systemIdentity) {
    const reason = `The brokers belong to the Kafka cluster ${clusterId}; the plan was made for ${target.systemIdentity ?? ''}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }
  return reassignments === 0 ? undefined : wait(`${reassignments} partitions to be moved`);
}

function wait(waitingFor: string): Answer {
  return { kind: 'wait', waitingFor, measure: [waitingFor], isNear: false };
}

/** Strimzi runs it as a Deployment of this name. */
async function cruiseControlCheck({ name, namespace }: DataCluster, cluster: Cluster): Promise<Precondition> {
  const id = { id: 'cruise-control', title: 'Cruise Control is ready' };
  const address = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true, namespace };
  try {
    const found = decodeDeployment(await cluster.get({ ...address, name: `${name}-cruise-control` }));
    const [ready, wanted] = [found?.readyReplicas ?? 0, found?.replicas ?? 0];
    const evidence = [`${name}-cruise-control has ${ready} of ${wanted} ready`];
    if (ready > 0) return { ...id, state: 'holds', evidence };
    return { ...id, state: 'fails', evidence, fix: 'Bring it back first.' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'forbidden') return { ...id, state: 'unknown', evidence: ['Its Deployment may not be read'] };
    return { ...id, state: 'fails', evidence: [error.message], fix: 'Wait until Strimzi has made it.' };
  }
}

/** The server tries without effect to create it; and whether it may be approved and taken back is asked. */
async function rightsCheck(
  { apiVersion, namespace, name }: RebalanceRef,
  spec: JsonObject,
  cluster: Cluster,
  planId: string,
): Promise<Precondition> {
  const id = { id: 'kafka-rebalance', title: 'A KafkaRebalance may be made, approved and deleted' };
  const { name: _, ...kind } = addressOf({ apiVersion, kind: 'KafkaRebalance', name }, namespace);
  const evidence: string[] = [];
  try {
    const metadata = { name, namespace, annotations: { 'data-clusters.io/plan': planId } };
    await cluster.create(kind, { apiVersion, kind: 'KafkaRebalance', metadata, spec }, { dryRun: true });
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    evidence.push(error.message);
  }
  for (const verb of ['patch', 'delete']) {
    const { isAllowed } = await cluster.can({ verb, group: kind.group, resource: kind.plural, namespace });
    if (!isAllowed) evidence.push(`No right to ${verb} ${kind.plural} in ${namespace}`);
  }
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right, or see what refuses it.' };
}
