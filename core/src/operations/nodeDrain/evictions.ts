import { isObject, objectsOf, valueAt } from '#core/json.ts';
import { decodeBudget } from '#core/live/decode/others.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import { budgets as budgetKind } from '#core/operations/nodeDrain/kinds.ts';
import { labelsOf, selectorMeans } from '#core/operations/nodeDrain/labels.ts';
import { podName, type NodePod } from '#core/operations/nodeDrain/residents.ts';

export interface PodId {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** An eviction that the server would not allow. */
export interface Refused {
  readonly pod: string;
  readonly reason: string;
  /** A disruption budget says no now, and may say yes later. */
  readonly isForNow: boolean;
}

/** What the server says to an eviction that it only tries. @throws ClusterProblem when it does not answer */
export async function tryEviction(cluster: Cluster, pod: PodId): Promise<Refused | undefined> {
  try {
    await cluster.evict(pod, { dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    // Gone, or another one by now: nothing is left to be refused.
    if (error.kind === 'absent' || error.kind === 'conflict') return undefined;
    return { pod: `${pod.namespace}/${pod.name}`, reason: whyRefused(error), isForNow: error.kind === 'busy' };
  }
}

/** Evicts with the uid as precondition, so that no pod is ever evicted twice. The grace of the pod is its own. */
export async function evictPod(cluster: Cluster, pod: PodId): Promise<ActOutcome> {
  try {
    await cluster.evict(pod);
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'busy')
      return { kind: 'again', waitingFor: `a disruption budget to allow it: ${whyRefused(error)}` };
    // The pod that was meant is gone, which is what was wanted.
    if (error.kind === 'conflict' || error.kind === 'absent') return { kind: 'acted' };
    if (error.kind === 'unreachable' || error.kind === 'server') throw error;
    const reason = `The eviction of ${pod.namespace}/${pod.name} is refused: ${whyRefused(error)}.`;
    return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
  }
}

/** The cause names the budget, the message does not. */
function whyRefused({ message, causes }: ClusterProblem): string {
  const named = causes.map((cause) => messageText(cause.message)).filter((text) => text !== '');
  return named.length > 0 ? named.join('; ') : messageText(message);
}

export interface BudgetFindings {
  /** `prod/web allows 1 now, for prod/web-1`. */
  readonly budgets: readonly string[];
  /** `prod/web-1: web, all`. */
  readonly crowded: readonly string[];
}

/** The disruption budgets of some pods. @throws ClusterProblem; what may not be read is left out, because the server is asked as well */
export async function findBudgets(cluster: Cluster, pods: readonly NodePod[]): Promise<BudgetFindings> {
  const byNamespace = new Map<string, readonly JsonObject[]>();
  for (const namespace of new Set(pods.map(({ live }) => live.meta.namespace))) {
    byNamespace.set(namespace, await budgetsIn(cluster, namespace));
  }
  const named = new Map<JsonObject, string[]>();
  const crowded: string[] = [];
  for (const pod of pods) {
    const all = byNamespace.get(pod.live.meta.namespace) ?? [];
    const own = all.filter((budget) => selectorMeans(selectorOf(budget), labelsOf(pod.raw)));
    if (own.length > 1) crowded.push(`${podName(pod)}: ${own.map(nameOf).join(', ')}`);
    for (const budget of own) named.set(budget, [...(named.get(budget) ?? []), podName(pod)]);
  }
  return { budgets: [...named].map(([budget, meant]) => describe(budget, meant)), crowded };
}

async function budgetsIn(cluster: Cluster, namespace: string): Promise<readonly JsonObject[]> {
  try {
    return objectsOf(await cluster.list({ ...budgetKind, namespace }));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return [];
    throw error;
  }
}

function selectorOf(budget: JsonObject): JsonObject | undefined {
  const selector = valueAt(budget, 'spec', 'selector');
  return isObject(selector) ? selector : undefined;
}

const nameOf = (budget: JsonObject): string => decodeBudget(budget)?.meta.name ?? '?';

function describe(budget: JsonObject, meant: readonly string[]): string {
  const decoded = decodeBudget(budget);
  return `${decoded?.meta.namespace ?? '?'}/${nameOf(budget)} allows ${decoded?.disruptionsAllowed ?? 0} now, for ${meant.join(', ')}`;
}
