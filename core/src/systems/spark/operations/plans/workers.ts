import type { JsonObject } from '#core/json.ts';
import { numberAt, textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { keepersOf, keeperSentences } from '#core/operations/keepers.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { readScaledSet, type ScaledSet } from '#core/operations/scaledSet.ts';
import { targetOf } from '#core/operations/target.ts';
import type { WorkersWish } from '#core/operations/wishes.ts';
import { roleOfWorkload } from '#core/systems/spark/live/masterWorker.ts';
import { askMaster, MASTER_PORT } from '#core/systems/spark/operations/standaloneMaster.ts';
import { planOf, rightsCheck } from '#core/systems/spark/operations/plans/parts.ts';
import { autoscalerAddress, BOUNDS, boundsOf, SET_SIZE } from '#core/systems/spark/operations/steps/workersStep.ts';

/**
 * Of a cluster of masters and workers. Nobody looks at its SparkCluster any more once it runs, so the StatefulSet of the workers is scaled,
 * or the bounds of its autoscaler are changed where there is one. @throws ClusterProblem
 */
export async function planClusterWorkers(wish: WorkersWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const workload = data.workloads.find((one) => roleOfWorkload(one) === 'worker');
  if (workload?.kind !== 'StatefulSet') {
    const found = workload ? `run in a ${workload.kind}` : 'are not to be seen';
    throw new ClusterProblem(
      'invalid',
      `The workers of ${data.name} ${found}; only those of a StatefulSet are changed from here.`,
    );
  }
  const set = await readScaledSet(cluster, data.namespace, workload.meta.name);
  const scaler = await readAutoscaler(cluster, data.namespace, workload.meta.name);
  return scaler ? planBounds(wish, set, scaler, ports) : planSize(wish, set, ports);
}

/** @throws ClusterProblem */
async function readAutoscaler(cluster: Cluster, namespace: string, workload: string): Promise<JsonObject | undefined> {
  const { name: _name, ...kind } = autoscalerAddress(namespace, '');
  try {
    const all = await cluster.list(kind);
    return all.find(
      (one) =>
        textAt(one, 'spec', 'scaleTargetRef', 'kind') === 'StatefulSet' &&
        textAt(one, 'spec', 'scaleTargetRef', 'name') === workload,
    );
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'absent' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
}

async function planSize(wish: WorkersWish, set: ScaledSet, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const { to, min, max } = wish;
  if (to === undefined || min !== undefined || max !== undefined) {
    const why = data.resource
      ? 'its operator makes an autoscaler only when the cluster is created with minWorkers below maxWorkers'
      : 'nothing scales it by itself';
    throw new ClusterProblem(
      'invalid',
      `${data.name} has no autoscaler whose bounds could be changed: ${why}. Give the number of workers.`,
    );
  }
  const from = set.replicas;
  if (to === from) throw new ClusterProblem('invalid', `${data.name} has ${from} workers already.`);
  const name = textAt(set.object, 'metadata', 'name');
  const target = await targetOf(data, cluster, undefined);
  const isShrinking = to < from;
  return planOf(
    {
      operation: wish.operation,
      title: `Change the workers of ${data.name} from ${from} to ${to}`,
      target,
      preconditions: [
        shrinkCheck(data, from, to),
        await masterCheck(ports, isShrinking),
        keptCheck(set.object, 'replicas'),
        await rightsCheck(cluster, [
          { verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: data.namespace, name },
        ]),
      ],
      steps: [sizeStep(data, name, set.uid, from, to)],
      risks: risksOf(data, isShrinking),
      isTyped: isShrinking,
    },
    ports,
  );
}

function sizeStep(data: DataCluster, workload: string, uid: string, from: number, to: number): PlannedStep {
  const { pods, port } = mastersOf(data);
  return {
    id: 'size',
    title: `Scale ${workload} to ${to}`,
    gate: `${workload} has the size that it had when the plan was made`,
    effect: `its replicas become ${to}; ${to < from ? 'the workers with the highest numbers go' : 'new workers register with the master'}`,
    done: `${to} workers are ready, no other is there, and the master counts as many`,
    undo: `another plan with ${from} workers`,
    expectedMs: 30_000 * Math.abs(to - from),
    parameters: { kind: SET_SIZE, workload, uid, from, to, masters: pods, masterPort: port },
  };
}

async function planBounds(wish: WorkersWish, set: ScaledSet, scaler: JsonObject, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const name = textAt(scaler, 'metadata', 'name');
  const before = boundsOf(scaler);
  if (wish.to !== undefined) {
    const text = `HorizontalPodAutoscaler ${name} chooses the number of workers between ${before.min} and ${before.max}, and would undo another one.`;
    throw new ClusterProblem('invalid', `${text} Give its bounds; the same number twice pins it.`);
  }
  const [min, max] = [wish.min ?? before.min, wish.max ?? before.max];
  if (min > max || max < 1)
    throw new ClusterProblem('invalid', `At least ${min} and at most ${max} workers cannot be.`);
  if (min === before.min && max === before.max)
    throw new ClusterProblem('invalid', `${name} has these bounds already.`);
  const isShrinking = max < set.replicas;
  const target = await targetOf(data, cluster, undefined);
  return planOf(
    {
      operation: wish.operation,
      title: `Let ${data.name} have between ${min} and ${max} workers`,
      target,
      preconditions: [
        shrinkCheck(data, set.replicas, Math.min(max, Math.max(min, set.replicas))),
        await masterCheck(ports, isShrinking),
        keptCheck(scaler, 'maxReplicas'),
        await rightsCheck(cluster, [
          {
            verb: 'patch',
            group: 'autoscaling',
            resource: 'horizontalpodautoscalers',
            namespace: data.namespace,
            name,
          },
        ]),
      ],
      steps: [
        {
          id: 'bounds',
          title: `Change the bounds of ${name}`,
          gate: `${name} has the bounds that it had when the plan was made`,
          effect: `minReplicas ${before.min} becomes ${min}, maxReplicas ${before.max} becomes ${max}`,
          done: 'its number of workers is between them',
          undo: `another plan with ${before.min} and ${before.max}`,
          expectedMs: 60_000,
          parameters: {
            kind: BOUNDS,
            autoscaler: name,
            uid: textAt(scaler, 'metadata', 'uid'),
            min,
            max,
            fromMin: before.min,
            fromMax: before.max,
          },
        },
      ],
      risks: risksOf(data, isShrinking),
      isTyped: isShrinking,
    },
    ports,
  );
}

function mastersOf({ members }: DataCluster): { readonly pods: readonly string[]; readonly port: number } {
  const masters = members.filter(({ role, pod }) => role === 'master' && pod !== undefined);
  const ports = masters.flatMap(({ pod }) => pod?.containers.flatMap((one) => one.ports) ?? []);
  return {
    pods: masters.map(({ name }) => name),
    port: ports.find(({ name }) => /web|ui/.test(name))?.port ?? MASTER_PORT,
  };
}

/** What runs in it by the word of its master. */
async function masterCheck({ data, cluster }: PlanningPorts, isShrinking: boolean): Promise<Precondition> {
  const id = { id: 'master', title: 'What the master says' };
  const { pods, port } = mastersOf(data);
  const master = await askMaster(cluster, data.namespace, pods, port);
  if (master.kind === 'silent') {
    const fix = 'Go on if you know what runs in the cluster.';
    return { ...id, state: 'unknown', evidence: [`It could not be asked: ${master.why}`], fix };
  }
  const { aliveWorkers, applications } = master;
  const running = applications.length === 0 ? 'No application runs' : `Running: ${applications.slice(0, 5).join(', ')}`;
  const more = applications.length > 5 ? `, and ${applications.length - 5} more` : '';
  const evidence = [`${master.pod} counts ${aliveWorkers} workers that are alive`, `${running}${more}`];
  if (!isShrinking || applications.length === 0) return { ...id, state: 'holds', evidence };
  return { ...id, state: 'warns', evidence, fix: 'Wait until these have ended, or let them lose executors.' };
}

function shrinkCheck({ name }: DataCluster, from: number, to: number): Precondition {
  const id = { id: 'consequence', title: 'What it does to what runs' };
  if (to >= from) return { ...id, state: 'holds', evidence: [`${name} has ${from} workers; none is taken away`] };
  return {
    ...id,
    state: 'warns',
    evidence: [
      `${from - to} of ${from} workers go, with every executor on them`,
      'Workers of a SparkCluster have no grace to end and nothing that moves their data away: shuffle files on them are computed anew',
      ...(to === 0 ? ['Without workers nothing runs in the cluster'] : []),
    ],
    fix: 'Wait until the applications in the cluster have ended, or let them lose these executors.',
  };
}

/** What its own operator made is not looked at again; others may put it back. */
function keptCheck(object: JsonObject, field: 'replicas' | 'maxReplicas'): Precondition {
  const id = { id: 'kept-elsewhere', title: 'Nobody puts the number back' };
  const keepers = keepersOf(object, 'spec', field).filter(
    ({ who }) => !/^SparkCluster |fabric8|spark-kubernetes-operator/i.test(who),
  );
  if (keepers.length === 0) return { ...id, state: 'holds', evidence: ['Nobody else is known to keep it'] };
  return {
    ...id,
    state: 'consent',
    evidence: keeperSentences(keepers, `spec.${field}`),
    fix: 'Change it there as well.',
  };
}

function risksOf({ resource }: DataCluster, isShrinking: boolean): readonly string[] {
  const wanted = numberAt(resource?.spec, 'clusterTolerations', 'instanceConfig', 'initWorkers');
  return [
    ...(resource
      ? [
          `The SparkCluster goes on saying initWorkers ${wanted ?? 'as before'}: made anew, the cluster begins with that number.`,
        ]
      : []),
    ...(isShrinking ? ['An application that loses too many executors at once may fail.'] : []),
  ];
}
