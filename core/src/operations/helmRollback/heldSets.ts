import { clusterTitle } from '#core/live/tree/titles.ts';
import type { DataCluster } from '#core/live/model.ts';
import { textAt } from '#core/json.ts';
import type { ObjectChange } from '#core/live/helm/releaseChanges.ts';
import type { Cluster } from '#core/live/ports.ts';
import { chooseHold, type Hold } from '#core/operations/helmRollback/holds.ts';
import type { Precondition } from '#core/operations/model.ts';
import { isRollingOut, readStatefulSet, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';
import { rollingOut } from '#core/operations/updateStrategy.ts';

/** A StatefulSet of a data cluster that gets another pod template, and how it is kept from rolling it out by itself. */
export interface HeldSet {
  readonly data: DataCluster;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly now: StatefulSetNow;
  readonly hold: Hold;
}

export interface FoundSets {
  readonly held: readonly HeldSet[];
  readonly preconditions: readonly Precondition[];
}

interface MemberSet {
  readonly data: DataCluster;
  readonly change: ObjectChange;
}

/** What becomes of the StatefulSets of data clusters. @throws ClusterProblem */
export async function findHeldSets(
  changes: readonly ObjectChange[],
  parts: {
    readonly clusters: readonly DataCluster[];
    readonly systems: SystemTable;
    readonly cluster: Cluster;
    readonly keepsStrategy: boolean;
  },
): Promise<FoundSets> {
  const sets = changes.flatMap((change) => memberSets(change, parts.clusters));
  const lost = sets.flatMap(lossOf);
  const held: HeldSet[] = [];
  const rolled: string[] = [];
  const unheld: string[] = [];
  const busy: Precondition[] = [];
  for (const { data, change } of sets.filter(rollsPods)) {
    const { namespace, name } = nameOf(change);
    const refusal = restartRefusal(data, parts.systems);
    const hold = chooseHold(change, parts);
    if (refusal !== undefined) rolled.push(`${change.title} (${clusterTitle(data)} ${data.name}): ${refusal}`);
    else if (!hold) unheld.push(`${change.title}: Helm would set its update strategy together with its template`);
    else {
      const now = await readStatefulSet(parts.cluster, namespace, name);
      if (isRollingOut(now.workload)) busy.push(underWay(now));
      held.push({ data, namespace, name, uid: now.workload.meta.uid, now, hold });
    }
  }
  return { held, preconditions: [...lossCheck(lost), ...rolledCheck(rolled), ...unheldCheck(unheld), ...busy] };
}

function memberSets(change: ObjectChange, clusters: readonly DataCluster[]): readonly MemberSet[] {
  const [kind] = change.title.split(' ');
  const uid = textAt(change.live, 'metadata', 'uid');
  if (kind !== 'StatefulSet' || uid === '') return [];
  const data = clusters.find(({ workloads }) => workloads.some(({ meta }) => meta.uid === uid));
  return data ? [{ data, change }] : [];
}

function nameOf({ live }: ObjectChange): { readonly namespace: string; readonly name: string } {
  return { namespace: textAt(live, 'metadata', 'namespace'), name: textAt(live, 'metadata', 'name') };
}

/** Another pod template: what the controller of a StatefulSet replaces pods for. */
function rollsPods({ change: { how, fields } }: MemberSet): boolean {
  return how === 'changed' && fields.some((field) => field.startsWith('spec.template'));
}

function restartRefusal(data: DataCluster, systems: SystemTable): string | undefined {
  const offer = systems[data.system]?.offers(data).find(({ operation }) => operation === 'restart');
  if (!offer) return `there is no safe restart for ${clusterTitle(data)}`;
  return offer.refusal;
}

/** Members that a rollback would take away, together with whatever they alone hold. */
function lossOf({ data, change }: MemberSet): readonly string[] {
  if (change.how === 'deleted') return [`${change.title} of ${data.name} is not in that revision and would be deleted`];
  const replicas = change.fields.find((field) => field.startsWith('spec.replicas'));
  return replicas === undefined ? [] : [`${change.title} of ${data.name}: ${replicas}`];
}

function lossCheck(evidence: readonly string[]): readonly Precondition[] {
  const id = { id: 'members', title: 'No member of a data cluster comes or goes' };
  if (evidence.length === 0) return [{ ...id, state: 'holds', evidence: [] }];
  const fix =
    'Scale the data cluster to the size of that revision first, by Scale, so that its data moves before its members go. A whole data cluster is not deleted by a rollback from here.';
  return [{ ...id, state: 'fails', evidence, fix }];
}

function rolledCheck(evidence: readonly string[]): readonly Precondition[] {
  if (evidence.length === 0) return [];
  const fix = 'Agree to it only when its members may restart one after the other by readiness alone.';
  return [{ id: 'rolled', title: 'Members restart under the gates of their system', state: 'consent', evidence, fix }];
}

function unheldCheck(evidence: readonly string[]): readonly Precondition[] {
  if (evidence.length === 0) return [];
  return [
    {
      id: 'hold',
      title: 'The StatefulSets can be kept from replacing pods while Helm writes',
      state: 'fails',
      evidence,
      fix: 'Take rollingUpdate.partition out of the values of the chart, or set updateStrategy to OnDelete in them, upgrade, and roll back then.',
    },
  ];
}

function underWay({ workload }: StatefulSetNow): Precondition {
  const { reason, fix } = rollingOut(workload);
  return {
    id: `rollout/${workload.meta.name}`,
    title: 'No rollout is under way',
    state: 'fails',
    evidence: [reason],
    fix,
  };
}
