import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { objectOf, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/live/fieldPath.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Precondition, RunRecord, StepRecord } from '#core/operations/model.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import {
  describeStrategy,
  isHeld,
  isOlder,
  isPending,
  isRollingOut,
  readStatefulSet,
  setOnDelete,
  type StatefulSetNow,
} from '#core/operations/statefulSetNow.ts';
import { HOLD, RESTORE, rollingOut, strategySteps, type StrategySteps } from '#core/operations/updateStrategy.ts';

/** What a plan does about templates that are newer than the pods. */
export interface PendingTemplates {
  /** StatefulSets that are held while the plan is carried out, by name, with the revision that their pods get. */
  readonly held: ReadonlyMap<string, string>;
  readonly steps: StrategySteps;
  readonly preconditions: readonly Precondition[];
}

const ID = { id: 'template', title: 'The pods come back as they are' };

/**
 * Looks at every StatefulSet whose pods are not all of its newest template. `members` are those that are to be restarted.
 * @throws ClusterProblem
 */
export async function examineTemplates(
  data: DataCluster,
  members: readonly LiveMember[],
  cluster: Cluster,
): Promise<PendingTemplates> {
  const pending = data.workloads.filter((workload) => workload.kind === 'StatefulSet' && isPending(workload));
  if (pending.length === 0) {
    const holds: Precondition = { ...ID, state: 'holds', evidence: ['No change of the template is pending'] };
    return { held: new Map(), steps: { first: [], last: [] }, preconditions: [holds] };
  }
  const found = await Promise.all(pending.map(({ meta }) => readStatefulSet(cluster, meta.namespace, meta.name)));
  const before = await strategiesBefore(data, cluster);
  const steps = found.map((now) => {
    const earlier = before.get(now.workload.meta.uid);
    return strategySteps(now, {
      pendingOnly: true,
      ...(earlier && isHeld(now.strategy) ? { before: earlier } : {}),
    });
  });
  const rolling = found.filter(({ workload }) => isRollingOut(workload));
  const preconditions =
    rolling.length > 0
      ? [underWay(rolling.map(({ workload }) => workload))]
      : [consentTo(found, members), ...(await holdable(found, cluster)), ...keptElsewhere(found)];
  return {
    held: new Map(found.map(({ workload }) => [workload.meta.name, workload.updateRevision])),
    steps: { first: steps.flatMap(({ first }) => first), last: steps.flatMap(({ last }) => last) },
    preconditions,
  };
}

/** Pods whose StatefulSet has a newer template than they. */
export function pendingMembers({ members, workloads }: DataCluster): ReadonlySet<string> {
  const pending = members.filter(({ pod }) =>
    workloads.some(
      (workload) =>
        pod !== undefined && pod.meta.owners.some(({ uid }) => uid === workload.meta.uid) && isOlder(pod, workload),
    ),
  );
  return new Set(pending.map(({ name }) => name));
}

function underWay(workloads: readonly LiveWorkload[]): Precondition {
  const told = workloads.map(rollingOut);
  return { ...ID, state: 'fails', evidence: told.map(({ reason }) => reason), fix: told[0]?.fix ?? '' };
}

function consentTo(found: readonly StatefulSetNow[], members: readonly LiveMember[]): Precondition {
  const chosen = new Set(members.map(({ name }) => name));
  const evidence = found.flatMap(({ workload, older, strategy }) => {
    const { name } = workload.meta;
    const left = older.filter((pod) => !chosen.has(pod));
    const hold = isHeld(strategy)
      ? `${name} is at OnDelete already`
      : `${name} is at OnDelete from the first step to the last, then at ${describeStrategy(strategy)} again`;
    return [
      `${name} has a new template that the restart will bring into effect for ${older.length} pods`,
      hold,
      ...(left.length === 0 ? [] : [`It stays at OnDelete afterwards, because ${left.join(', ')} will be left behind`]),
    ];
  });
  return { ...ID, state: 'consent', evidence, fix: 'Look at what changed, and agree to it.' };
}

/** The server tries without effect whether the strategy may be changed. */
async function holdable(found: readonly StatefulSetNow[], cluster: Cluster): Promise<readonly Precondition[]> {
  const refusals: string[] = [];
  for (const { workload, strategy } of found) {
    if (isHeld(strategy)) continue;
    try {
      await setOnDelete(cluster, workload, { dryRun: true });
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      refusals.push(`${workload.meta.name}: ${error.message}`);
    }
  }
  const id = { id: 'update-strategy', title: 'The update strategy may be set' };
  if (refusals.length === 0) return [{ ...id, state: 'holds', evidence: ['Tried without effect'] }];
  return [{ ...id, state: 'fails', evidence: refusals, fix: 'Ask for the right to patch StatefulSets.' }];
}

function keptElsewhere(found: readonly StatefulSetNow[]): readonly Precondition[] {
  const evidence = found.flatMap(({ workload, gitOps }) =>
    gitOps.map((tool) => `${workload.meta.name} is kept by ${tool}`),
  );
  if (evidence.length === 0) return [];
  return [
    {
      id: 'gitops',
      title: 'Nobody puts the update strategy back meanwhile',
      state: 'consent',
      evidence: [...evidence, 'It may undo OnDelete during the run; then the run stops, and the controller may go on'],
      fix: 'Pause its synchronisation until the run is over, or leave updateStrategy out of what it compares.',
    },
  ];
}

/** What earlier runs found and could not put back, by uid of the StatefulSet. A journal that may not be read tells nothing. */
async function strategiesBefore(
  data: DataCluster,
  cluster: Cluster,
): Promise<ReadonlyMap<string, JsonObject | undefined>> {
  try {
    const journal = await readJournalOf(cluster, data);
    const runs = [...(journal?.current ? [journal.current] : []), ...(journal?.history ?? [])].toReversed();
    return new Map(runs.flatMap((run) => leftBy(run)));
  } catch (error) {
    if (error instanceof ClusterProblem) return new Map();
    throw error;
  }
}

/** What one run held and did not put back; undefined for what it did. Later runs count. */
function leftBy({ plan, steps }: RunRecord): readonly (readonly [string, JsonObject | undefined])[] {
  const recordOf = (kind: string, uid: unknown): StepRecord | undefined => {
    const step = plan.steps.find(({ parameters }) => parameters[KIND] === kind && parameters['uid'] === uid);
    return steps.find(({ id }) => id === step?.id);
  };
  return plan.steps.flatMap(({ parameters: { uid, [KIND]: kind } }) => {
    const before = kind === HOLD ? recordOf(HOLD, uid)?.memory['before'] : undefined;
    if (before === undefined) return [];
    const restored = recordOf(RESTORE, uid);
    const isPutBack = restored?.phase === 'done' && restored.memory['left'] !== true;
    return [[String(uid), isPutBack ? undefined : objectOf(readJson(String(before)))] as const];
  });
}
