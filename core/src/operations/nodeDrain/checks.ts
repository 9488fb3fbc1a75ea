import { clusterTitle } from '#core/live/tree/titles.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { Elsewhere } from '#core/operations/nodeDrain/elsewhere.ts';
import type { Refused } from '#core/operations/nodeDrain/evictions.ts';
import type { DrainedNode } from '#core/operations/nodeDrain/node.ts';
import { JOURNAL_OF_PART, shown, type Parts } from '#core/operations/nodeDrain/parts.ts';
import { controllerOf, podName, type NodePod, type Residents } from '#core/operations/nodeDrain/residents.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';

/** Everything that was found out before a drain is planned. */
export interface Examination {
  readonly node: DrainedNode;
  readonly wish: NodeDrainWish;
  readonly residents: Residents;
  readonly parts: Parts;
  /** What else can be done with members that no other node can take, because of their volumes. */
  readonly pinned: readonly Precondition[];
  /** Where each pod that leaves could start. */
  readonly elsewhere: ReadonlyMap<NodePod, Elsewhere>;
  /** What may not be done, and is needed. */
  readonly missingRights: readonly string[];
  readonly missingJournalRights: readonly string[];
  readonly refused: readonly Refused[];
  /** Budgets that mean a pod which leaves, a sentence each. */
  readonly budgets: readonly string[];
  /** Pods that more than one budget means. */
  readonly crowded: readonly string[];
}

type Check = (examination: Examination) => Precondition;

/** In the order in which they are shown; those of the data clusters come after the first. */
const before: readonly Check[] = [nodeWell, rightsHeld, runKept, membersMovable];
const after: readonly Check[] = [
  membersElsewhere,
  othersElsewhere,
  controllersSpread,
  scratchData,
  comeBack,
  oneBudgetEach,
  evictionsAllowed,
  staysBehind,
];

export function examine(examination: Examination): readonly Precondition[] {
  const ofParts = examination.parts.preconditions.filter(({ id }) => id !== JOURNAL_OF_PART);
  return [
    ...run(before, examination),
    ...decisiveHere(examination),
    ...ofParts,
    ...run(after, examination),
    ...examination.pinned,
  ];
}

const run = (checks: readonly Check[], examination: Examination): readonly Precondition[] =>
  checks.map((check) => check(examination));

function nodeWell({ node: { live } }: Examination): Precondition {
  const id = { id: 'node', title: 'The node is ready and can end its pods' };
  const cordoned = live.isSchedulable ? 'takes pods' : 'is cordoned already, and stays so whatever happens';
  if (live.isReady) return holds(id, `It is ready and ${cordoned}`);
  const fix = 'Pods end only once it answers again; a run waits for that, and pauses when nothing moves.';
  return { ...id, state: 'warns', evidence: ['It is not ready'], fix };
}

function rightsHeld({ missingRights }: Examination): Precondition {
  const id = { id: 'rights', title: 'Nodes may be cordoned and pods evicted' };
  if (missingRights.length === 0) return holds(id, 'For the node, and in every namespace that has a pod to go');
  return { ...id, state: 'fails', evidence: missingRights, fix: 'Ask for the rights.' };
}

function runKept({ missingJournalRights, parts }: Examination): Precondition {
  const id = { id: 'journal', title: 'The run can be written down and locked' };
  const ofParts = parts.preconditions.filter((one) => one.id === JOURNAL_OF_PART && one.state !== 'holds');
  const evidence = [...new Set([...missingJournalRights, ...ofParts.flatMap((one) => one.evidence)])];
  if (evidence.length === 0) return holds(id, 'ConfigMap and Leases may be written');
  return {
    ...id,
    state: 'consent',
    evidence,
    fix: 'Without them the run cannot be resumed from another machine, and nothing keeps a second one away. Ask for the rights.',
  };
}

function membersMovable({ parts: { left, parts }, wish }: Examination): Precondition {
  const id = { id: 'members', title: 'Every member of a data cluster can be moved safely' };
  if (left.length === 0)
    return holds(id, `${counted(parts.length, 'data cluster has', 'data clusters have')} members here`);
  const evidence = left.map(
    ({ data, pods, reason }) =>
      `${few(pods.map(podName))} of ${clusterTitle(data)} ${shown(data)}: ${plainText(reason, 400)}`,
  );
  if (wish.unmovable === 'leave')
    return { ...id, state: 'warns', evidence, fix: 'They stay there: the node is not empty afterwards.' };
  const fix =
    'Move them by their own way first, or say that they shall be left there; the node is then not empty afterwards.';
  return { ...id, state: 'fails', evidence, fix };
}

/** What is done with pods whose end may be the end of a run; by the wish, which is never taken for granted. */
const choices: Readonly<
  Record<NonNullable<NodeDrainWish['unmovable']>, Pick<Precondition, 'state'> & { readonly fix: string }>
> = {
  refuse: {
    state: 'fails',
    fix: 'Say what is to be done with them: wait for their end, leave them there, or evict them, which may lose the run. A job that can be suspended is moved by that: suspend it, drain, and let it go on.',
  },
  leave: { state: 'warns', fix: 'They stay there: the node is not empty afterwards.' },
  wait: {
    state: 'warns',
    fix: 'The run waits until they have ended by themselves, however long that takes, and the node takes no pods meanwhile.',
  },
  evict: { state: 'consent', fix: 'Agree that their runs may be lost.' },
};

function decisiveHere({ parts: { decisive }, wish }: Examination): readonly Precondition[] {
  if (decisive.length === 0) return [];
  const evidence = decisive.map(({ of, pod, loses }) => `${podName(pod)}${of === '' ? '' : ` of ${of}`}: ${loses}`);
  const id = { id: 'decisive', title: 'No pod is here whose end may be the end of the run of a job' };
  return [{ ...id, evidence, ...choices[wish.unmovable ?? 'refuse'] }];
}

function membersElsewhere({ residents, parts, elsewhere }: Examination): Precondition {
  const id = { id: 'members-elsewhere', title: 'Every member finds another node' };
  const stay = new Set([...parts.left.flatMap(({ pods }) => pods), ...parts.decisive.map(({ pod }) => pod)]);
  const leaving = residents.members.flatMap(({ pods }) => pods).filter((pod) => !stay.has(pod));
  return placed(id, leaving, elsewhere, 'fails');
}

function othersElsewhere({ residents, elsewhere }: Examination): Precondition {
  const id = { id: 'pods-elsewhere', title: 'Every other pod finds another node' };
  // One that nobody makes again needs no place.
  return placed(id, residents.others.filter(controllerOf), elsewhere, 'consent');
}

const PLACE_FIX = 'Add a node that it may run on, or agree that it stays pending until the node takes pods again.';

/** Nothing but a new node helps a pod that no other may take; one that is only short of room may wait for others to end. */
function placed(
  id: { readonly id: string; readonly title: string },
  pods: readonly NodePod[],
  elsewhere: ReadonlyMap<NodePod, Elsewhere>,
  withoutPlace: 'fails' | 'consent',
): Precondition {
  const found = pods.map((pod) => ({ pod, place: elsewhere.get(pod) ?? UNSEEN }));
  const of = (...kinds: readonly Elsewhere['kind'][]): string[] =>
    found
      .filter(({ place }) => kinds.includes(place.kind))
      .map(({ pod, place }) => `${podName(pod)}: ${place.kind === 'fits' ? place.node : place.reasons.join(', ')}`);
  const [nowhere, full, unknown] = [of('nowhere'), of('full'), of('unknown')];
  if (nowhere.length > 0)
    return { ...id, state: withoutPlace, evidence: shortened([...nowhere, ...full]), fix: fixOf(withoutPlace) };
  if (full.length > 0) return { ...id, state: 'consent', evidence: shortened(full), fix: PLACE_FIX };
  if (unknown.length > 0) return { ...id, state: 'unknown', evidence: shortened(unknown) };
  if (found.length === 0) return holds(id, 'There is none that has to');
  return { ...id, state: 'holds', evidence: shortened(of('fits')) };
}

const UNSEEN: Elsewhere = { kind: 'unknown', reasons: ['it was not looked for'] };

const fixOf = (state: 'fails' | 'consent'): string =>
  state === 'fails'
    ? 'Add a node that it may run on, or move its volume; it would stay pending until then.'
    : PLACE_FIX;

/** Each can leave alone, but the node's failure while one is away ends the majority. */
function controllersSpread({ residents }: Examination): Precondition {
  const id = { id: 'controllers', title: 'The node does not hold the majority of the controllers of a data cluster' };
  const crowded = residents.members.flatMap(({ data, pods }) => {
    const all = data.members.filter(({ role }) => role === 'controller' || role === 'broker and controller');
    const here = all.filter(({ name }) => pods.some(({ live }) => live.meta.name === name));
    const needed = Math.floor(all.length / 2) + 1;
    if (here.length < 2 || all.length - here.length >= needed) return [];
    return [
      `${here.length} of the ${all.length} controllers of ${shown(data)} are here: ${few(here.map(({ name }) => name))}. ` +
        'Each may leave alone, but when the node fails meanwhile the majority is lost',
    ];
  });
  if (crowded.length === 0) return holds(id, 'No data cluster has that many here');
  return {
    ...id,
    state: 'fails',
    evidence: crowded,
    fix: 'Spread them over nodes first, by a required anti-affinity.',
  };
}

/** Members are judged by their own system, which knows where their data is. */
function scratchData({ residents: { others }, wish }: Examination): Precondition {
  const id = { id: 'empty-dir', title: 'No pod has data on the disk of the node' };
  const losing = others.filter(({ live }) => live.volumes.some(({ source }) => source === 'emptyDir'));
  if (losing.length === 0) return holds(id, 'None of those that are evicted has an emptyDir');
  const evidence = [`What is in the emptyDir of ${few(losing.map(podName))} is lost`];
  if (wish.emptyDir === 'lose') return { ...id, state: 'consent', evidence };
  return { ...id, state: 'fails', evidence, fix: 'Save what is in it, or say that it may be lost.' };
}

function comeBack({ residents: { others } }: Examination): Precondition {
  const id = { id: 'controlled', title: 'Every pod is made again elsewhere' };
  const bare = others.filter((pod) => controllerOf(pod) === undefined);
  if (bare.length === 0) return holds(id, 'All that are evicted have a controller');
  const evidence = [`Nobody makes these again: ${few(bare.map(podName))}`];
  return { ...id, state: 'consent', evidence, fix: 'Agree that they are gone afterwards.' };
}

function oneBudgetEach({ crowded }: Examination): Precondition {
  const id = { id: 'budgets', title: 'No pod is meant by more than one disruption budget' };
  if (crowded.length === 0) return holds(id, 'The server evicts only such pods');
  return { ...id, state: 'fails', evidence: crowded, fix: 'Change the selectors so that one budget means each pod.' };
}

function evictionsAllowed({ refused, budgets }: Examination): Precondition {
  const id = { id: 'eviction', title: 'The server would let pods be evicted' };
  if (refused.length === 0) return { ...id, state: 'holds', evidence: ['Tried without effect', ...shortened(budgets)] };
  const evidence = [...shortened(refused.map(({ pod, reason }) => `${pod}: ${reason}`)), ...shortened(budgets)];
  if (refused.every(({ isForNow }) => isForNow))
    return { ...id, state: 'warns', evidence, fix: 'The run waits until the disruption budgets allow it.' };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right, or see what refuses it.' };
}

function staysBehind({ residents: { daemons, mirrors, finished } }: Examination): Precondition {
  const id = { id: 'stays', title: 'What stays on the node' };
  const rows = [
    { pods: daemons, what: 'of DaemonSets, which would start them again' },
    { pods: mirrors, what: 'static pods, which the node starts from files' },
    { pods: finished, what: 'that have ended' },
  ].filter(({ pods }) => pods.length > 0);
  if (rows.length === 0) return holds(id, 'Nothing');
  return { ...id, state: 'holds', evidence: rows.map(({ pods, what }) => `${few(pods.map(podName))}: ${what}`) };
}

function holds(id: { readonly id: string; readonly title: string }, evidence: string): Precondition {
  return { ...id, state: 'holds', evidence: [evidence] };
}

const SHOWN = 8;

function few(texts: readonly string[]): string {
  return shortened(texts).join(', ');
}

function shortened(texts: readonly string[]): readonly string[] {
  return texts.length > SHOWN ? [...texts.slice(0, SHOWN), `and ${texts.length - SHOWN} more`] : texts;
}
