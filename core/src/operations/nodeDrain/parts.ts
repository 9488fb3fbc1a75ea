import { clusterTitle } from '#core/live/tree/titles.ts';
import type { DataCluster } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { NodePlanningPorts } from '#core/operations/operations.ts';
import type { NodePod, Residents } from '#core/operations/nodeDrain/residents.ts';
import { CLUSTER, KIND, NEW_NAMES, STEP } from '#core/operations/nodeDrain/steps.ts';
import type { Departure } from '#core/operations/nodeDrain/departure/departure.ts';
import { ENDS, WAITS } from '#core/operations/nodeDrain/departure/steps.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';

/** What a drain makes of the data clusters that have members on the node. */
export interface Parts {
  readonly parts: readonly Plan[];
  readonly steps: readonly PlannedStep[];
  /** Of the parts, and of those that could not be planned. */
  readonly preconditions: readonly Precondition[];
  /** Members that stay, with the reason. */
  readonly left: readonly LeftMembers[];
  /** Pods whose end may be the end of the run of their job, whatever is done with them. */
  readonly decisive: readonly DecisiveHere[];
  /** Pods of jobs that are evicted by steps of the parts. */
  readonly evicted: readonly NodePod[];
  /** Steps that only wait for what ends by itself: they come after everything else. */
  readonly waits: readonly PlannedStep[];
}

export interface DecisiveHere {
  /** `spark prod/etl`; empty where its job is not known. */
  readonly of: string;
  readonly pod: NodePod;
  readonly loses: string;
}

export interface LeftMembers {
  readonly data: DataCluster;
  readonly pods: readonly NodePod[];
  readonly reason: string;
}

/** A restart that ends on another node is what moves a member; so each system's own restart is asked for a plan. */
export async function planParts(
  members: Residents['members'],
  wish: NodeDrainWish,
  { systems, ...ports }: NodePlanningPorts & { readonly systems: SystemTable },
): Promise<Parts> {
  const parts: Plan[] = [];
  const steps: PlannedStep[] = [];
  const preconditions: Precondition[] = [];
  const left: LeftMembers[] = [];
  const decisive: DecisiveHere[] = [];
  const evicted: NodePod[] = [];
  for (const { data, pods } of members) {
    const departure = systems[data.system]?.departure;
    const reason = departure ? undefined : whyNotMoved(data, systems);
    if (reason !== undefined) {
      left.push({ data, pods, reason });
      continue;
    }
    const its = departure ? decisiveAmong(data, pods, departure) : [];
    decisive.push(...its);
    const leaving = departure ? { data, pods: leavingOf(pods, its, wish) } : { data, pods };
    if (leaving.pods.length === 0) continue;
    const own = { ...ports, id: `${ports.id}.${parts.length + 1}` };
    const planned = await (departure ? planJob(leaving, departure, wish, own) : planPart(leaving, systems, own));
    if ('refusal' in planned) left.push({ data, pods, reason: planned.refusal });
    else if ('problem' in planned) preconditions.push(planned.problem);
    else {
      // Shown once, with the drain's own.
      parts.push({ ...planned.plan, preconditions: [] });
      if (departure) evicted.push(...evictedBy(planned.plan, pods));
      steps.push(...inOrder(planned.plan.steps, data, pods).map((step) => ofDrain(step, data)));
      preconditions.push(...planned.plan.preconditions.map((one) => ofPart(one, data)));
    }
  }
  const waits = steps.filter(({ parameters }) => parameters[WAITS] === true);
  return { parts, steps: steps.filter((step) => !waits.includes(step)), preconditions, left, decisive, evicted, waits };
}

function evictedBy({ steps }: Plan, pods: readonly NodePod[]): readonly NodePod[] {
  const names = new Set(steps.filter(({ parameters }) => parameters[WAITS] !== true).map(({ id }) => id));
  return pods.filter(({ live }) => names.has(live.meta.name));
}

/** Pods of no job that is known, which are decisive by their labels. */
export function straysAmong(pods: readonly NodePod[], systems: SystemTable): readonly DecisiveHere[] {
  const departures = Object.values(systems).flatMap(({ departure }) => departure ?? []);
  const strays = pods.filter(({ live }) => departures.some(({ claims }) => claims(live)));
  return strays.map((pod) => ({ of: '', pod, loses: STRAY }));
}

const STRAY =
  'its labels say that it is of a job, which is not known here, so its end may be the end of a run. Nothing waits for it: it stays unless such pods are evicted';

function decisiveAmong(data: DataCluster, pods: readonly NodePod[], { decisive }: Departure): readonly DecisiveHere[] {
  const loses = new Map(
    decisive(
      data,
      pods.map(({ live }) => live),
    ).map((one) => [one.pod, one.loses]),
  );
  return pods.flatMap((pod) => {
    const lost = loses.get(pod.live.meta.name);
    return lost === undefined ? [] : [{ of: `${clusterTitle(data)} ${shown(data)}`, pod, loses: lost }];
  });
}

/** Nothing decisive without a word of the wish about it. */
function leavingOf(
  pods: readonly NodePod[],
  decisive: readonly DecisiveHere[],
  wish: NodeDrainWish,
): readonly NodePod[] {
  if (agreedOf(wish) !== undefined) return pods;
  return pods.filter((pod) => !decisive.some((one) => one.pod === pod));
}

function agreedOf({ unmovable }: NodeDrainWish): 'wait' | 'evict' | undefined {
  return unmovable === 'wait' || unmovable === 'evict' ? unmovable : undefined;
}

async function planJob(
  { data, pods }: Residents['members'][number],
  departure: Departure,
  wish: NodeDrainWish,
  { cluster, clock, id }: NodePlanningPorts,
): Promise<PlannedPart> {
  const agreed = agreedOf(wish);
  const decisive = agreed === undefined ? {} : { decisive: agreed };
  try {
    return { plan: await departure.plan({ node: wish.node, pods, ...decisive }, { data, cluster, clock, id }) };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    const id = { id: `${data.key}/plan`, title: `${shown(data)}: its pods can leave safely` };
    return { problem: { ...id, state: 'fails', evidence: [error.message], fix: 'See why, and plan the drain again.' } };
  }
}

function whyNotMoved(data: DataCluster, systems: SystemTable): string | undefined {
  const offer = systems[data.system]?.offers(data).find(({ operation }) => operation === 'restart');
  if (!offer) return `Members of ${clusterTitle(data)} cannot be moved safely from here yet.`;
  return offer.refusal;
}

type PlannedPart =
  | { readonly plan: Plan }
  | { readonly problem: Precondition }
  /** Its system restarts other members as well, or none. */
  | { readonly refusal: string };

/** A drain follows members by their names. */
const NAMELESS =
  'Its operator gives new pods new names, by which a drain could not find them. Cordon the node, restart these members, then drain the rest.';

/** A data cluster that cannot be planned keeps the node from being drained, and everything else is looked at nevertheless. */
async function planPart(
  { data, pods }: Residents['members'][number],
  systems: SystemTable,
  { cluster, clock, id }: NodePlanningPorts,
): Promise<PlannedPart> {
  const title = `${shown(data)}: its members can be restarted safely`;
  try {
    const only = pods.map(({ live }) => live.meta.name);
    const wish = { operation: 'restart', level: 'fully replicated', only } as const;
    const plan = await systems[data.system]?.plan(wish, { data, cluster, clock, id });
    if (plan?.steps.some(({ parameters }) => parameters[NEW_NAMES] === true)) return { refusal: NAMELESS };
    if (plan) return { plan };
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: ['It cannot be planned.'] } };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'invalid') return { refusal: error.message };
    const fix = 'Repair it first, and plan the drain again.';
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: [error.message], fix } };
  }
}

/** Shown as its own; that a run can be written down is asked once for all. */
function ofPart(precondition: Precondition, data: DataCluster): Precondition {
  const id = precondition.id === 'journal' ? JOURNAL_OF_PART : `${data.key}/${precondition.id}`;
  return { ...precondition, id, title: `${shown(data)}: ${precondition.title}` };
}

/** Taken together with the one of the drain. */
export const JOURNAL_OF_PART = 'journal-of-part';

/** As it is done in the drain. Steps that take nobody out, such as holding back a controller, are only carried along. */
function ofDrain(step: PlannedStep, data: DataCluster): PlannedStep {
  const carried = {
    ...step,
    id: `${data.key}/${step.id}`,
    title: `${shown(data)}: ${step.title}`,
    parameters: { ...marksOf(step), [KIND]: 'member', [CLUSTER]: data.key, [STEP]: step.id },
  };
  if (step.member === undefined || step.parameters[NEW_NAMES] === true) return carried;
  return {
    ...carried,
    title: `${carried.title} on another node`,
    gate: `the node is cordoned, another one can take the pod, ${step.gate}`,
    done: `its pod is on another node; ${step.done}`,
  };
}

/** What the drain has to know of a step of a job. */
function marksOf({ parameters }: PlannedStep): PlannedStep['parameters'] {
  return Object.fromEntries(
    [NEW_NAMES, ENDS, WAITS].flatMap((mark) => (parameters[mark] === true ? [[mark, true]] : [])),
  );
}

/**
 * Nodes that are only controllers go after the brokers: as long as the quorum is whole, brokers can hand over their leaders. One that is not
 * ready stays where its system has put it, because all others wait for it; so do steps that take nobody out.
 */
function inOrder(steps: readonly PlannedStep[], data: DataCluster, pods: readonly NodePod[]): readonly PlannedStep[] {
  const isLast = ({ member }: PlannedStep): boolean =>
    data.members.some(({ name, role }) => name === member && role === 'controller') &&
    pods.some(({ live }) => live.meta.name === member && live.isReady);
  const members = steps.filter(({ member }) => member !== undefined);
  const sorted = [...members.filter((step) => !isLast(step)), ...members.filter(isLast)];
  return steps.map((step) => (step.member === undefined ? step : (sorted.shift() ?? step)));
}

export function shown({ namespace, name }: DataCluster): string {
  return `${plainText(namespace, 63)}/${plainText(name, 63)}`;
}
