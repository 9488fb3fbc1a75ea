import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { PlacedWish, WrittenWish } from '#core/systems/kafka/operations/configure/findPlaces.ts';
import { patchTemplate } from '#core/operations/podTemplate.ts';
import { keepersOf, type Keeper } from '#core/operations/keepers.ts';
import { setAddress } from '#core/operations/scaledSet.ts';
import { readStatefulSet, setOnDelete } from '#core/operations/statefulSetNow.ts';
import { strategySteps, type StrategySteps } from '#core/operations/updateStrategy.ts';

/** One StatefulSet whose pod template gets other variables. */
export interface TemplateChange {
  readonly workload: string;
  readonly uid: string;
  readonly container: string;
  readonly wishes: readonly WrittenWish[];
  /** What keeps its controller from restarting pods by itself meanwhile. */
  readonly strategy: StrategySteps;
  readonly keepers: readonly Keeper[];
  /** Why the server would not take it; undefined when it would. */
  readonly refusal: string | undefined;
}

/** Reads them, and has the server check the changes without making them. @throws ClusterProblem */
export function findTemplates(
  placed: readonly PlacedWish[],
  namespace: string,
  cluster: Cluster,
): Promise<readonly TemplateChange[]> {
  const names = new Set(placed.flatMap(({ workload, place }) => (place.kind === 'template' ? [workload] : [])));
  return Promise.all([...names].map((name) => findTemplate(name, placed, namespace, cluster)));
}

async function findTemplate(
  workload: string,
  placed: readonly PlacedWish[],
  namespace: string,
  cluster: Cluster,
): Promise<TemplateChange> {
  const own = placed.flatMap(({ workload: of, place, wish }) =>
    of === workload && place.kind === 'template' ? [{ place, wish }] : [],
  );
  const container = own[0]?.place.container ?? '';
  const wishes = own.map(({ place, wish }) => ({
    name: wish.name,
    value: wish.value,
    before: place.value ?? null,
    key: place.variable,
  }));
  const object = await cluster.get(setAddress(namespace, workload));
  const now = await readStatefulSet(cluster, namespace, workload);
  const changes = wishes.map(({ key, value }) => ({ variable: key, value }));
  const tries = [
    () => patchTemplate(cluster, object, container, changes, { dryRun: true }),
    () => setOnDelete(cluster, now.workload, { dryRun: true }),
  ];
  return {
    workload,
    uid: now.workload.meta.uid,
    container,
    wishes,
    strategy: strategySteps(now, { pendingOnly: false }),
    keepers: keepersOf(object, 'spec', 'template'),
    refusal: await firstRefusal(tries),
  };
}

async function firstRefusal(tries: readonly (() => Promise<unknown>)[]): Promise<string | undefined> {
  for (const attempt of tries) {
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
      return error.message;
    }
  }
  return undefined;
}
