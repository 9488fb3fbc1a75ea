import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { OperationTarget, Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import type { DecisivePod, DepartureWish } from '#core/operations/nodeDrain/departure/departure.ts';
import { DECISIVE } from '#core/operations/nodeDrain/departure/steps.ts';
import type { NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';

export interface DepartureSketch {
  readonly steps: readonly PlannedStep[];
  readonly preconditions: readonly Precondition[];
  readonly risks: readonly string[];
  /** For the procedure. */
  readonly parameters?: Readonly<Record<string, StepValue>>;
}

/** A part of a node drain. @throws ClusterProblem */
export async function planOf(wish: DepartureWish, sketch: DepartureSketch, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster, clock, id } = ports;
  const target = await targetOfJob(data, wish.pods, cluster);
  return {
    format: 1,
    id,
    operation: 'drain',
    title: `${data.name} leaves ${wish.node}`,
    target,
    madeAt: clock.now(),
    parameters: { node: wish.node, [DECISIVE]: wish.decisive ?? 'refuse', ...sketch.parameters },
    preconditions: [
      journalCheck(await missingJournalRights(target, cluster)),
      ...sketch.preconditions,
      ...(await evictionRight(data, cluster)),
    ],
    steps: sketch.steps,
    risks: sketch.risks,
    needsTypedName: false,
  };
}

/** The pods of a wish by what is done with them. @throws ClusterProblem when a decisive one is there that nobody has agreed to */
export function sortPods(
  { pods, decisive: agreed }: DepartureWish,
  decisive: readonly DecisivePod[],
): { readonly decisive: readonly NodePod[]; readonly others: readonly NodePod[] } {
  const names = new Set(decisive.map(({ pod }) => pod));
  const found = pods.filter(({ live }) => names.has(live.meta.name));
  const [first] = found;
  if (first !== undefined && agreed === undefined)
    throw new ClusterProblem(
      'invalid',
      `The end of ${first.live.meta.name} may be the end of the run, and nobody has agreed to it.`,
    );
  return { decisive: found, others: pods.filter(({ live }) => !names.has(live.meta.name)) };
}

/** A job of which only pods are to be seen is kept beside the first of them. */
async function targetOfJob(data: DataCluster, pods: readonly NodePod[], cluster: Cluster): Promise<OperationTarget> {
  try {
    return await targetOf(data, cluster, undefined);
  } catch (error) {
    const [pod] = pods;
    if (!(error instanceof ClusterProblem) || error.kind !== 'absent' || !pod) throw error;
    const { name, uid } = pod.live.meta;
    return {
      context: cluster.context.name,
      clusterIdentity: await cluster.identity(),
      namespace: data.namespace,
      system: data.system,
      key: data.key,
      name: data.name,
      anchor: { apiVersion: 'v1', kind: 'Pod', name, uid },
      systemIdentity: undefined,
    };
  }
}

async function evictionRight({ namespace }: DataCluster, cluster: Cluster): Promise<readonly Precondition[]> {
  const answer = await cluster.can({ verb: 'create', group: '', resource: 'pods/eviction', namespace });
  if (answer.isAllowed) return [];
  const evidence = [`No right to create pods/eviction in ${namespace}`];
  return [{ id: 'rights', title: 'Its pods may be evicted', state: 'fails', evidence, fix: 'Ask for the right.' }];
}
