import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { rackParameters } from '#core/systems/cassandra/operations/operated/rackStep.ts';
import type { OperatedRack, RingOperator } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import type { Route } from '#core/systems/cassandra/operations/operated/routeOf.ts';
import {
  EXPECTED_MS,
  gateWords,
  restartPlan,
  type RestartLook,
} from '#core/systems/cassandra/operations/planRestart.ts';
import { execCheck } from '#core/systems/cassandra/operations/tending/planTending.ts';

/** What an operator was found to be at, now. */
export interface OperatorFindings {
  readonly preconditions: readonly Precondition[];
  readonly parameters: Readonly<Record<string, StepValue>>;
  /** What it does to pods that we take out, or by itself, a sentence each. */
  readonly risks: readonly string[];
}

/** How plans speak of racks that are left to an operator. */
export interface RackWords {
  /** How it is asked for one rack. */
  readonly effect: (rack: OperatedRack) => string;
  /** What it asks for between two pods. */
  readonly between: string;
  readonly undo: string;
}

/** In a plan: `racks`, `pods`. */
export const ROUTE = 'route';
/** In a plan: who runs the ring, as in the tables of kinds. */
export const FLAVOUR = 'flavour';

/** An operator gives a changed template to pods by itself, so nothing is pending that a restart could choose. @throws ClusterProblem */
export function refusePending({ pendingOnly }: RestartWish, title: string): void {
  if (pendingOnly !== true) return;
  throw new ClusterProblem(
    'invalid',
    `${title} restarts pods whose template has changed by itself; there are none to choose. Restart all, or name them.`,
  );
}

/** Our own restart, pod by pod, with the operator asked as well. */
export function strictPlan(
  plan: Plan,
  operator: RingOperator,
  findings: OperatorFindings,
  reasons: readonly string[],
): Plan {
  const route: Precondition = {
    id: 'route',
    title: 'One pod after the other, under our own gates',
    state: 'holds',
    evidence: [...reasons, `No StatefulSet and no resource of ${operator.title} is written to`],
  };
  return extended(plan, operator, findings, [route], { [ROUTE]: 'pods' });
}

/** A plan with what was found of the operator. */
export function extended(
  plan: Plan,
  { flavour }: RingOperator,
  { preconditions: found, parameters, risks }: OperatorFindings,
  more: readonly Precondition[] = [],
  values: Readonly<Record<string, StepValue>> = {},
): Plan {
  const preconditions = [...plan.preconditions, ...more, ...found];
  return {
    ...plan,
    parameters: { ...plan.parameters, ...parameters, [FLAVOUR]: flavour, ...values },
    preconditions,
    risks: [...plan.risks, ...risks],
    needsTypedName: plan.needsTypedName || preconditions.some(({ state }) => state === 'consent'),
  };
}

/** Of what is asked about evictions, which the operator does not do. */
const OURS_ONLY = new Set(['eviction', 'rights', 'order']);

/** One step for each rack, which the operator restarts by itself. */
export async function rackPlan(
  wish: RestartWish,
  ports: PlanningPorts,
  look: RestartLook,
  {
    operator,
    route,
    findings,
    words,
  }: {
    readonly operator: RingOperator;
    readonly route: Extract<Route, { kind: 'racks' }>;
    readonly findings: OperatorFindings;
    readonly words: RackWords;
  },
): Promise<Plan> {
  const { data, cluster } = ports;
  const preconditions = look.preconditions.filter(({ id }) => !OURS_ONLY.has(id));
  const base = restartPlan(wish, ports, {
    ...look,
    preconditions: [...preconditions, await execCheck(cluster, data.namespace)],
  });
  const plan: Plan = {
    ...base,
    title: `${base.title} by ${operator.title}, rack by rack`,
    steps: route.racks.map((rack) => stepFor(rack, wish, data, operator, words)),
    risks: [
      `${operator.title} restarts the nodes of a rack by itself: ${words.between}. Two that are out at once end the run, and cannot be held back.`,
      'A node that does not come back ends the run there: other racks are untouched.',
      'A run that is cancelled awaits the rack that is under way; one that is stopped leaves it to the operator.',
      'Clients see the connections to each node close; a driver tries its requests at another node if it may.',
    ],
  };
  return extended(plan, operator, findings, [unguarded(operator, route, words)], {
    [ROUTE]: 'racks',
    workloads: operator.racks.map(({ workload }) => workload),
  });
}

/** What two nodes of a rack would cost if they were away at once: nothing, and that is why it may be left to the operator. */
function unguarded(
  { title }: RingOperator,
  { racks, evidence }: Extract<Route, { kind: 'racks' }>,
  { between }: RackWords,
): Precondition {
  return {
    id: 'route',
    title: 'Racks may be left to the operator',
    state: 'warns',
    evidence: [evidence, `Inside a rack ${title} decides when each node goes: ${between}`],
    fix: `Where that is not enough, ask for a strict restart: ${counted(racks)} pod by pod under our own gates.`,
  };
}

const counted = (racks: readonly OperatedRack[]): string =>
  `${racks.reduce((sum, { pods }) => sum + pods.length, 0)} nodes,`;

function stepFor(
  rack: OperatedRack,
  { level }: RestartWish,
  { members }: DataCluster,
  { title }: RingOperator,
  words: RackWords,
): PlannedStep {
  const own = rack.pods.flatMap((name): readonly LiveMember[] => members.filter((member) => member.name === name));
  const hints = level === 'fully replicated' ? ', and nobody keeps writes for the rack any more' : '';
  return {
    id: `rack-${rack.datacenter === '' ? '' : `${rack.datacenter}-`}${rack.name}`,
    title: `Ask ${title} to restart rack ${rack.name} (${rack.pods.join(', ')})`,
    gate: `${title} runs, is at rest and asked for nothing else; ${gateWords(level)}, with the whole rack away`,
    effect: words.effect(rack),
    done: `every pod is another one with its Host ID, every node is up for every other, stays so for 10 s${hints}`,
    undo: words.undo,
    expectedMs: EXPECTED_MS * rack.pods.length,
    parameters: rackParameters({
      rack: rack.name,
      datacenter: rack.datacenter,
      workload: rack.workload,
      workloadUid: rack.uid,
      pods: rack.pods,
      uids: own.map(({ pod }) => pod?.meta.uid ?? ''),
    }),
  };
}
