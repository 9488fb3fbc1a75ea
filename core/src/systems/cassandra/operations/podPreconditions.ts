import type { LiveMember } from '#core/live/model.ts';
import type { LivePod, LiveWorkload } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { Examination, Placement } from '#core/systems/cassandra/operations/examination.ts';
import { roomForFlush } from '#core/systems/cassandra/operations/flushRoom.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';

/** Questions to Kubernetes, in the order in which they are shown. */
export const podPreconditions: readonly ((examination: Examination) => Precondition)[] = [
  rightsHeld,
  templateUnchanged,
  evictionsAllowed,
  madeAgain,
  comeBackSomewhere,
  dataStays,
  roomForFlush,
  leavesQuietly,
  graceLongEnough,
];

function rightsHeld({ missingRights }: Examination): Precondition {
  const id = { id: 'rights', title: 'Nodes may be drained and pods evicted' };
  if (missingRights.length === 0) return holds(id, 'Commands may be run in pods, and pods be evicted');
  return { ...id, state: 'fails', evidence: missingRights, fix: 'Ask for the rights.' };
}

const REVISION_LABEL = 'controller-revision-hash';

/** Pods whose StatefulSet has a newer template than they; the StatefulSet controller gives it to whoever is made anew. */
export function pendingMembers({ members, workloads }: DataCluster): ReadonlyMap<string, LiveWorkload> {
  return new Map(
    members.flatMap(({ name, pod }) => {
      const workload = workloads.find(({ meta }) => pod?.meta.owners.some(({ uid }) => uid === meta.uid));
      return pod && workload && isOlder(pod, workload) ? [[name, workload] as const] : [];
    }),
  );
}

function isOlder({ meta }: LivePod, { updateRevision }: LiveWorkload): boolean {
  const revision = meta.labels[REVISION_LABEL];
  return updateRevision !== '' && revision !== undefined && revision !== updateRevision;
}

/** A pod that is deleted takes a new template with it, which is more than a restart. */
function templateUnchanged({ data, members }: Examination): Precondition {
  const id = { id: 'template', title: 'The pods come back as they are' };
  const pending = pendingMembers(data);
  if (pending.size === 0) return holds(id, 'No change of the template is pending');
  const rolled = [...new Set(pending.values())].filter(isRolledOut);
  if (rolled.length > 0) {
    return {
      ...id,
      state: 'fails',
      evidence: rolled.map(
        ({ meta, updatedReplicas, replicas }) =>
          `${meta.name} is being rolled out by its controller: ${updatedReplicas} of ${replicas} pods have the new template`,
      ),
      fix: 'Wait until it is over. Set updateStrategy to OnDelete before the next change of the template, and it is restarted from here.',
    };
  }
  const chosen = members.filter(({ name }) => pending.has(name)).map(({ name }) => name);
  const evidence = [
    ...(chosen.length > 0 ? [`${named(chosen, 5)} may come back with the new template of the StatefulSet`] : []),
    `${pending.size} pods are of an older template`,
  ];
  return { ...id, state: 'consent', evidence, fix: 'Look at what changed, and agree to it.' };
}

/** With RollingUpdate the controller replaces older pods by itself, down to the partition. */
function isRolledOut(workload: LiveWorkload): boolean {
  const { updateStrategy, partition, replicas, updatedReplicas, firstOrdinal = 0 } = workload;
  return updateStrategy !== 'OnDelete' && updatedReplicas < replicas - Math.max(0, partition - firstOrdinal);
}

function evictionsAllowed({ refusals, data }: Examination): Precondition {
  const id = { id: 'eviction', title: 'The server would let the pods be evicted' };
  const budgets = data.budgets.map(({ meta, disruptionsAllowed }) => `${meta.name} allows ${disruptionsAllowed} now`);
  const none = 'No disruption budget keeps others from taking a second node; one with maxUnavailable 1 would';
  if (refusals.length === 0)
    return holds(id, ['Tried without effect', ...(budgets.length === 0 ? [none] : budgets)].join('; '));
  const evidence = [...refusals.map(({ pod, reason }) => `${pod}: ${reason}`), ...budgets];
  if (refusals.every(({ isForNow }) => isForNow))
    return { ...id, state: 'warns', evidence, fix: 'The run waits until the disruption budget allows it.' };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right, or see what refuses it.' };
}

/** A pod by itself, beside those of a StatefulSet, belongs to the ring as well, and would be gone for good. */
function madeAgain({ members }: Examination): Precondition {
  const id = { id: 'controlled', title: 'Every pod is made again when it ends' };
  const alone = members.filter(({ pod }) => pod?.meta.owners.some(({ isController }) => isController) === false);
  if (alone.length === 0) return holds(id, 'Each has a controller');
  const evidence = [`${names(alone)} has no controller: nobody makes it again`];
  return { ...id, state: 'fails', evidence, fix: 'Leave it out of the restart, or decommission it.' };
}

/** A pod whose volume is on a node that takes no pods stays pending, whoever deletes it. */
function comeBackSomewhere({ placements, members }: Examination): Precondition {
  const id = { id: 'placement', title: 'Every pod finds a node to come back to' };
  if (placements.length === 0) return holds(id, `The Kubernetes nodes of ${members.length} pods take pods`);
  const of = (...kinds: readonly Placement['elsewhere']['kind'][]): readonly Placement[] =>
    placements.filter(({ elsewhere, trouble }) => trouble !== undefined && kinds.includes(elsewhere.kind));
  const nowhere = of('nowhere');
  if (nowhere.length > 0) {
    const fix = 'Uncordon or repair the node first. If it is gone for good, the node of Cassandra has to be replaced.';
    return { ...id, state: 'fails', evidence: nowhere.map(placed), fix };
  }
  const full = of('full');
  if (full.length > 0)
    return { ...id, state: 'consent', evidence: full.map(placed), fix: 'Make room on another node.' };
  const others = of('fits', 'unknown');
  if (others.length > 0) return { ...id, state: 'warns', evidence: others.map(placed) };
  return { ...id, state: 'unknown', evidence: ['The Kubernetes nodes may not be read'] };
}

function placed({ pod, trouble, elsewhere }: Placement): string {
  const where = elsewhere.kind === 'fits' ? `${elsewhere.node} would take it` : elsewhere.reasons.join(', ');
  return `${pod}: ${trouble ?? ''}; ${elsewhere.kind === 'fits' ? where : `others: ${where}`}`;
}

function dataStays({ members }: Examination): Precondition {
  const id = { id: 'volumes', title: 'The data is on volumes that outlive the pod' };
  const volatile = members.filter(
    ({ pod }) => pod !== undefined && !pod.volumes.some(({ source }) => source === 'claim'),
  );
  if (volatile.length === 0) return holds(id, 'Every pod has a claim');
  const evidence = [`${names(volatile)} would come back empty, as new nodes beside what is left of the old ones`];
  return { ...id, state: 'fails', evidence, fix: 'Move the data to persistent volumes first.' };
}

/** Bitnami's chart without persistence does so: whoever deletes the pod takes the node out of the ring, and streams its data away. */
function leavesQuietly({ members }: Examination): Precondition {
  const id = { id: 'pre-stop', title: 'Pods do not leave the ring when they end' };
  const hooks = members.flatMap(({ name, pod, container }) => {
    const preStop = pod?.containers.find((one) => one.name === container)?.preStop ?? '';
    return /\b(?:decommission|removenode)\b/.test(preStop) ? [`${name}: preStop runs ${plainText(preStop, 120)}`] : [];
  });
  if (hooks.length === 0) return holds(id, 'No preStop hook decommissions');
  return {
    ...id,
    state: 'fails',
    evidence: [...hooks, 'Any end of such a pod takes the node out of the ring for good'],
    fix: 'Replace the hook by `nodetool drain`, with every pod kept from being replaced while the template changes (OnDelete).',
  };
}

/** A drain under load takes 8 to 9 s, the flush of a large node minutes; what is killed replays its commit log at the start. */
const shortGraceSeconds = 120;

function graceLongEnough({ members }: Examination): Precondition {
  const id = { id: 'grace', title: 'Nodes have the time to end in order' };
  const short = members.filter(({ pod }) => pod !== undefined && pod.graceSeconds < shortGraceSeconds);
  if (short.length === 0) return holds(id, `At least ${shortGraceSeconds} s`);
  const seconds = Math.min(...short.map(({ pod }) => pod?.graceSeconds ?? 0));
  return {
    ...id,
    state: 'warns',
    evidence: [
      `terminationGracePeriodSeconds is ${seconds}; nodes are drained before, so it only counts when that fails`,
    ],
    fix: `Set it to ${shortGraceSeconds} or more at the next change of the template.`,
  };
}

const names = (members: readonly LiveMember[]): string =>
  named(
    members.map(({ name }) => name),
    5,
  );

function holds(id: { readonly id: string; readonly title: string }, evidence: string): Precondition {
  return { ...id, state: 'holds', evidence: [evidence] };
}
