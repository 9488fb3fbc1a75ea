import { textsOf, valueAt } from '#core/json.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import { textAt } from '#core/systems/kafka/live/json.ts';
import type {
  KafkaOperation,
  KafkaPlanningPorts,
  KafkaUndertakingPorts,
} from '#core/systems/kafka/operations/kafkaOperation.ts';
import { koperatorPlaces, unrestOf } from '#core/systems/kafka/operations/koperator/cluster.ts';
import { CruiseControlMove } from '#core/systems/kafka/operations/koperator/cruiseControl.ts';
import { koperatorRefusal, stateCheck } from '#core/systems/kafka/operations/koperator/restart.ts';
import { drainBesideProtocol, rebalanceBesideProtocol } from '#core/systems/kafka/operations/operated/byProtocol.ts';
import {
  findOperators,
  operatorCheck,
  operatorObstacle,
  operatorParameters,
} from '#core/operations/operated/operatorWatch.ts';
import { moveOf, planOperatedMove, type OperatedMove } from '#core/systems/kafka/operations/operated/planMoves.ts';
import { addressOf, readResource, strangerAs } from '#core/operations/operated/resource.ts';
import { kafkaRestartOf } from '#core/systems/kafka/operations/restartOf.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const TITLE = operatorNames.koperator;
const MOVE_MS = 1_800_000;
const API = 'kafka.banzaicloud.io/v1alpha1';

/** Evacuation of brokers by Cruise Control; the broker stays in `spec.brokers`. */
export const koperatorDrain: KafkaOperation<'drain'> = drainBesideProtocol({
  refusal: koperatorRefusal,
  plan: planMove,
  procedure: moveProcedureOf,
  places:
    ({ target }, { cluster }) =>
    () =>
      koperatorPlaces(cluster, target),
});

export const koperatorRebalance: KafkaOperation<'rebalance'> = rebalanceBesideProtocol({
  refusal: koperatorRefusal,
  plan: planMove,
  procedure: moveProcedureOf,
  places:
    ({ target }, { cluster }) =>
    () =>
      koperatorPlaces(cluster, target),
});

/** @throws ClusterProblem without Cruise Control, by which alone Koperator moves replicas */
function requireCruiseControl({ name, resource }: DataCluster): void {
  if (valueAt(resource?.spec, 'cruiseControlConfig') !== undefined) return;
  throw new ClusterProblem(
    'invalid',
    `${name} has no Cruise Control (spec.cruiseControlConfig), by which Koperator moves replicas. Without it leaders can be evened out, and taken from a broker.`,
  );
}

async function planMove(wish: DrainWish | RebalanceWish, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, clock } = ports;
  requireCruiseControl(data);
  const move = moveOf(wish, data, TITLE);
  if (move.exclude.length > 0)
    throw new ClusterProblem(
      'invalid',
      'Koperator does not hand on which topics are to stay; leave them out of the wish.',
    );
  const operators = await findOperators(cluster, 'koperator', data.namespace);
  const name = `${data.name}-${move.mode}-${clock.now().toString(36)}`;
  return planOperatedMove(wish, ports, {
    title: TITLE,
    move,
    preconditions: [
      operatorCheck(TITLE, data.namespace, operators),
      ...(data.resource ? [stateCheck({ resource: data.resource })] : []),
      unseen(move),
      await rightsCheck(data, cluster),
    ],
    parameters: { ...operatorParameters(operators), task: name, taskApi: API },
    steps: [stepFor(name, move)],
    risks: [
      'Cruise Control decides what is moved, and Koperator shows no proposal before it begins.',
      'Cancelling stops Cruise Control after the batch that is under way; what was moved stays.',
      ...(move.throttle === undefined ? [] : ['Koperator does not hand on a throttle; Cruise Control uses its own.']),
    ],
  });
}

function stepFor(name: string, { mode, brokers }: OperatedMove): PlannedStep {
  const about = brokers.length === 0 ? '' : ` of broker ${brokers.join(', ')}`;
  return {
    id: 'move',
    title: `Let Cruise Control move replicas (${mode}${about})`,
    gate: 'the operator is alive and at rest, no other operation is open, and nothing is being moved',
    effect: `CruiseControlOperation ${name} is created, and its task is written into its status`,
    done:
      mode === 'remove-brokers'
        ? 'its task is Completed, and Kafka says that the brokers hold nothing'
        : 'its task is Completed',
    undo: 'it is deleted, which stops Cruise Control; what was moved stays',
    expectedMs: MOVE_MS,
    parameters: {},
  };
}

function unseen({ mode }: OperatedMove): Precondition {
  return {
    id: 'unseen',
    title: 'What is moved can be seen beforehand',
    state: 'consent',
    evidence: [`Koperator starts a ${mode} at once; how much it will move is not known before`],
    fix: 'Agree to what Cruise Control decides.',
  };
}

async function rightsCheck({ namespace }: DataCluster, cluster: Cluster): Promise<Precondition> {
  const id = { id: 'cruise-control-operation', title: 'A CruiseControlOperation may be made and deleted' };
  const group = 'kafka.banzaicloud.io';
  const questions = [
    { verb: 'create', resource: 'cruisecontroloperations' },
    { verb: 'delete', resource: 'cruisecontroloperations' },
    { verb: 'patch', resource: 'cruisecontroloperations/status' },
  ];
  const answers = await Promise.all(
    questions.map(async (question) => ({ ...question, ...(await cluster.can({ ...question, group, namespace })) })),
  );
  const evidence = answers
    .filter(({ isAllowed }) => !isAllowed)
    .map(({ verb, resource }) => `No right to ${verb} ${resource}`);
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['All three rights are there'] };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the rights.' };
}

function moveProcedureOf(plan: Plan, ports: KafkaUndertakingPorts): CruiseControlMove {
  const { cluster } = ports;
  const { namespace, anchor } = plan.target;
  const restart = kafkaRestartOf(plan, ports);
  return new CruiseControlMove({
    plan,
    ...ports,
    stranger: async () => (await restart.verifyIdentity()) ?? strangerAs(cluster, namespace, anchor),
    obstacle: () => obstacleTo(plan, ports),
  });
}

async function obstacleTo(plan: Plan, { cluster, door }: KafkaUndertakingPorts): Promise<Answer | undefined> {
  const { target, parameters } = plan;
  const missing = await operatorObstacle(cluster, textsOf(parameters['operators']), TITLE);
  if (missing) return missing;
  const unrest = unrestOf((await readResource(cluster, target.namespace, target.anchor)).resource);
  if (unrest !== undefined) return wait(unrest);
  const open = await openTasks(plan, cluster);
  if (open.length > 0) return wait(`CruiseControlOperation ${open.join(', ')} to be over`);
  const { reassignments, clusterId } = await door.state(undefined);
  if (clusterId !== target.systemIdentity) {
    const reason = `The brokers belong to the Kafka cluster ${clusterId}; the plan was made for ${target.systemIdentity ?? ''}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }
  return reassignments === 0 ? undefined : wait(`${reassignments} partitions to be moved`);
}

/** Operations of others on the same cluster that are not over. */
async function openTasks({ target, parameters }: Plan, cluster: Cluster): Promise<readonly string[]> {
  const { name: _, ...kind } = addressOf(
    { apiVersion: API, kind: 'CruiseControlOperation', name: '' },
    target.namespace,
  );
  const found = await cluster.list({ ...kind, labelSelector: `kafka_cr=${target.name}` });
  const decode = decodeCustom({ ...kind, kind: 'CruiseControlOperation', verbs: [], versions: [] });
  return found
    .flatMap((object) => decode(object) ?? [])
    .filter(({ meta, status }) => {
      const state = textAt(status, 'currentTask', 'state');
      const isBegun = textAt(status, 'currentTask', 'operation') !== '';
      return meta.name !== parameters['task'] && isBegun && !state.startsWith('Completed');
    })
    .map(({ meta }) => meta.name);
}

function wait(waitingFor: string): Answer {
  return { kind: 'wait', waitingFor, measure: [waitingFor], isNear: false };
}
