import { messageText } from '#core/live/plainText.ts';
import type { Cluster } from '#core/live/ports.ts';
import { isSetAt, objectAt } from '#core/json.ts';
import type { OperationTarget, Plan, Precondition } from '#core/operations/model.ts';
import type { Departure, DepartureWish } from '#core/operations/nodeDrain/departure/departure.ts';
import { departureOf } from '#core/operations/nodeDrain/departure/departureOf.ts';
import { JobRun, type JobVoice } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { planOf, sortPods } from '#core/operations/nodeDrain/departure/planOf.ts';
import { readAnchor } from '#core/operations/nodeDrain/departure/readAnchor.ts';
import { decisiveStep, replicaStep, waitStep } from '#core/operations/nodeDrain/departure/steps.ts';
import { podName, type NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import {
  decisiveOfTraining,
  isFinished,
  isOfTraining,
  nameOf,
} from '#core/systems/tfjob/operations/nodeDrain/decisive.ts';

/**
 * How pods of training jobs leave a node:
 *
 * 1. Workers of an elastic TFJob go one at a time; each is awaited under its name on another node.
 * 2. Every other pod is decisive: chief, first worker and PS of a TFJob, its other replicas because one that is deleted fails the job, and
 *    all pods of a TrainJob. They are left, waited for, or evicted when the wish says so.
 */
export const trainingDeparture: Departure = {
  decisive: decisiveOfTraining,
  claims: isOfTraining,
  plan: planDeparture,
  procedure(plan, { cluster, clock }) {
    return departureOf(new JobRun(plan, { cluster, clock, voice: trainingVoice(plan.target, cluster) }));
  },
};

function planDeparture(wish: DepartureWish, ports: PlanningPorts): Promise<Plan> {
  const { data } = ports;
  const { decisive, others } = sortPods(
    wish,
    decisiveOfTraining(
      data,
      wish.pods.map(({ live }) => live),
    ),
  );
  const asked = decisive.map((pod) =>
    wish.decisive === 'evict' ? decisiveStep(pod, nameOf(data, pod.live), []) : waitStep(pod, nameOf(data, pod.live)),
  );
  const isOver = data.resource !== undefined && isFinished(data.resource);
  const needs = isOver ? 'finished' : 'elastic';
  const steps = [...others.map((pod) => replicaStep(pod, nameOf(data, pod.live), needs)), ...asked];
  return planOf(wish, { steps, preconditions: isOver ? [] : elasticCheck(others), risks: [] }, ports);
}

function elasticCheck(workers: readonly NodePod[]): readonly Precondition[] {
  if (workers.length === 0) return [];
  const evidence = [
    `${workers.map(podName).join(', ')}: the job has enableDynamicWorker, so that it goes on without a worker for a while; what the worker had begun is lost`,
  ];
  return [{ id: 'elastic', title: 'The job goes on while a worker is away', state: 'warns', evidence }];
}

const ENDINGS: ReadonlySet<string> = new Set(['Succeeded', 'Complete', 'Failed', 'Suspended']);

function trainingVoice(target: OperationTarget, cluster: Cluster): JobVoice {
  const condition = async (): Promise<string | undefined> => {
    const now = await readAnchor(cluster, target);
    if (now === 'gone') return 'deleted';
    return now === 'unread' ? undefined : decisiveCondition(objectAt(now, 'status'))?.type;
  };
  return {
    async over() {
      const type = await condition();
      return type === 'deleted' || ENDINGS.has(type ?? '')
        ? `${target.name} is ${messageText(type ?? '', 60)}`
        : undefined;
    },
    async finished() {
      const now = await readAnchor(cluster, target);
      if (typeof now === 'string' || !isFinished({ status: objectAt(now, 'status') })) return undefined;
      return `the run of ${target.name} has ended`;
    },
    async isElastic() {
      const now = await readAnchor(cluster, target);
      return typeof now !== 'string' && isSetAt(now, 'spec', 'enableDynamicWorker');
    },
    async state() {
      const type = await condition();
      return type === undefined ? undefined : `Of ${target.name} is said: ${messageText(type, 60)}`;
    },
  };
}
