import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { Departure, DepartureWish } from '#core/operations/nodeDrain/departure/departure.ts';
import { departureOf } from '#core/operations/nodeDrain/departure/departureOf.ts';
import { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { planOf, sortPods } from '#core/operations/nodeDrain/departure/planOf.ts';
import { decisiveStep, replicaStep, successorStep, waitStep } from '#core/operations/nodeDrain/departure/steps.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { podName, type NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { labels } from '#core/systems/spark/live/pods.ts';
import { decisiveOfSpark, isDecisiveByLabel, roleIn } from '#core/systems/spark/operations/nodeDrain/decisive.ts';
import { decommissionCheck } from '#core/systems/spark/operations/nodeDrain/decommission.ts';
import { DYNAMIC, executorKind } from '#core/systems/spark/operations/nodeDrain/executorKind.ts';
import { APPLICATION, DRIVER, DRIVER_UID } from '#core/systems/spark/operations/nodeDrain/executors.ts';
import { readSettings, type SparkSettings } from '#core/systems/spark/operations/nodeDrain/settings.ts';
import { isFinished, sparkVoice } from '#core/systems/spark/operations/nodeDrain/voice.ts';

/**
 * How pods of Spark leave a node:
 *
 * 1. Executors go first, one at a time (executorKind.ts); workers of a standalone cluster likewise, and come back under their names.
 * 2. The driver, the server of Spark Connect and a master are left, waited for, or evicted when the wish says so. The executors on the node
 *    end with a driver that is evicted, so that they are not moved before.
 */
export const sparkDeparture: Departure = {
  decisive: decisiveOfSpark,
  claims: isDecisiveByLabel,
  plan: planDeparture,
  procedure(plan, { cluster, clock }) {
    const run = new JobRun(plan, { cluster, clock, voice: sparkVoice(plan.target, cluster) });
    return departureOf(run, { executor: executorKind(run) });
  },
};

async function planDeparture(wish: DepartureWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const sorted = sortPods(
    wish,
    decisiveOfSpark(
      data,
      wish.pods.map(({ live }) => live),
    ),
  );
  const isA = (role: string) => (pod: NodePod) => roleIn(data, pod.live) === role;
  const isOver = data.resource !== undefined && isFinished(data.resource);
  const [executors, workers] = [sorted.others.filter(isA('executor')), sorted.others.filter(isA('worker'))];
  const rest = sorted.others.filter((pod) => !executors.includes(pod) && !workers.includes(pod));
  const driver = data.members.find(({ role }) => role === 'driver' || role === 'server');
  const raw = driver?.pod ? await readRaw(cluster, data, driver.name) : undefined;
  const settings = await readSettings(data, raw, cluster);
  // They end with it: to move them first would only take time.
  const ends = sorted.decisive.filter(({ live }) => wish.decisive === 'evict' && live.meta.name === driver?.name);
  const moved = ends.length > 0 ? [] : executors;
  const followers = (pod: NodePod): readonly string[] =>
    ends.includes(pod) ? executors.map(({ live }) => live.meta.name) : [];
  const asked = sorted.decisive.map((pod) =>
    wish.decisive === 'evict'
      ? decisiveStep(pod, roleIn(data, pod.live), followers(pod))
      : waitStep(pod, roleIn(data, pod.live)),
  );
  const isDynamic = settings.of('spark.dynamicAllocation.enabled')?.toLowerCase() === 'true';
  return planOf(
    wish,
    {
      steps: [
        ...moved.map(executorStep),
        ...workers.map((pod) => replicaStep(pod, 'worker', 'nothing')),
        ...rest.map((pod) => replicaStep(pod, roleIn(data, pod.live), 'finished')),
        ...asked,
      ],
      preconditions: [...decommissionCheck(isOver ? [] : moved, settings), ...workerCheck(workers)],
      risks: risksOf(moved, isDynamic, settings),
      parameters: {
        [DYNAMIC]: isDynamic || driver?.pod === undefined,
        [DRIVER]: driver?.pod ? driver.name : '',
        [DRIVER_UID]: driver?.pod?.meta.uid ?? '',
        [APPLICATION]: executors[0]?.live.meta.labels[labels.application] ?? '',
      },
    },
    ports,
  );
}

function executorStep(pod: NodePod): PlannedStep {
  const { graceSeconds, meta } = pod.live;
  return successorStep(pod, 'executor', {
    title: `Move the executor ${meta.name}`,
    gate: 'no other executor of its application is on its way out, and the server would let it be evicted',
    effect: `the pod is told to end; what it holds is sent to others within its own ${graceSeconds} s where decommissioning is on`,
    done: 'the application has as many executors as before, or says that no other comes',
  });
}

function workerCheck(workers: readonly NodePod[]): readonly Precondition[] {
  if (workers.length === 0) return [];
  const names = workers.map(podName).join(', ');
  const evidence = [
    `${names}: every executor on it ends at once, without decommissioning; what it holds is computed again and its tasks are tried again`,
  ];
  return [{ id: 'workers', title: 'Executors on standalone workers are not lost', state: 'warns', evidence }];
}

function risksOf(executors: readonly NodePod[], isDynamic: boolean, settings: SparkSettings): readonly string[] {
  if (executors.length === 0) return [];
  const least = settings.of('spark.dynamicAllocation.minExecutors') ?? '0';
  const others = isDynamic
    ? `Dynamic allocation decides whether another executor comes: it keeps at least ${/^\d{1,9}$/.test(least) ? least : 'its minimum'}, and asks for more when tasks wait.`
    : 'Until the executor that comes instead has started, the application has one less.';
  return [
    others,
    'What an evicted executor did not send to others is computed again by the application itself, which takes longer and loses nothing.',
  ];
}

async function readRaw(cluster: Cluster, { namespace }: DataCluster, name: string): Promise<JsonObject | undefined> {
  try {
    return await cluster.get({ ...podKind, namespace, name });
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'absent' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
}
