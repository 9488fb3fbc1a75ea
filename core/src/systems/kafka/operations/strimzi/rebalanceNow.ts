import { isObject, objectOf, textAt, type JsonObject } from '#core/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { plainText } from '#core/live/plainText.ts';
import { conditionsOf } from '#core/systems/kafka/live/operatorFindings.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import { addressOf, readResource } from '#core/operations/operated/resource.ts';

/** Annotations of a KafkaRebalance: what Strimzi is told to do with it, and the plan it was made for. */
const REBALANCE_ANNOTATION = 'strimzi.io/rebalance';
export const PLAN_ANNOTATION = 'data-clusters.io/plan';

/** Source: the states of KafkaRebalance, which are types of its conditions. */
const STATES = [
  'New',
  'PendingProposal',
  'ProposalReady',
  'Rebalancing',
  'Stopped',
  'NotReady',
  'Ready',
  'ReconciliationPaused',
] as const;

export type RebalanceState = (typeof STATES)[number];

/** A KafkaRebalance as it is now. */
export interface RebalanceNow {
  readonly object: JsonObject;
  readonly resource: LiveCustom;
  /** `New` until the operator has said something. */
  readonly state: RebalanceState;
  /** What the operator says about it; empty when it says nothing. */
  readonly message: string;
  /** What it is told to do and has not taken up. */
  readonly told: string;
  /** Of the plan it was made for; empty when somebody else has made it. */
  readonly plan: string;
}

export interface RebalanceRef {
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
}

/** Undefined when there is none. @throws ClusterProblem */
export async function readRebalance(cluster: Cluster, ref: RebalanceRef): Promise<RebalanceNow | undefined> {
  try {
    const { object, resource } = await readResource(cluster, ref.namespace, {
      ...ref,
      kind: 'KafkaRebalance',
      uid: '',
    });
    const current = conditionsOf(resource).find(({ type, status }) => status === 'True' && isState(type));
    return {
      object,
      resource,
      state: current && isState(current.type) ? current.type : 'New',
      message: oneLine(
        [current?.reason, current?.message].filter((text) => text !== undefined && text !== '').join(': '),
      ),
      told: resource.meta.annotations[REBALANCE_ANNOTATION] ?? '',
      plan: resource.meta.annotations[PLAN_ANNOTATION] ?? '',
    };
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

function isState(text: string): text is RebalanceState {
  return STATES.some((state) => state === text);
}

/** Tells the operator, unless the object has changed since it was read. @throws ClusterProblem of kind `conflict` then */
export async function tell(
  cluster: Cluster,
  ref: RebalanceRef,
  { resource }: RebalanceNow,
  word: 'approve' | 'stop' | 'refresh',
): Promise<void> {
  const { uid, resourceVersion } = resource.meta;
  const patch = { metadata: { uid, resourceVersion, annotations: { [REBALANCE_ANNOTATION]: word } } };
  await cluster.mergePatch(addressOf({ ...ref, kind: 'KafkaRebalance' }, ref.namespace), patch);
}

/** What tells one proposal from another. */
export function signatureOf({ resource }: RebalanceNow): string {
  const result = Object.entries(objectOf(resource.status['optimizationResult'])).filter(
    ([, value]) => !isObject(value),
  );
  const sorted = result.toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return JSON.stringify([textAt(resource.status, 'sessionId'), sorted]);
}

/** What Cruise Control proposes, as a sentence. Figures that are not there are left out. */
export function describeProposal({ resource }: RebalanceNow): string {
  const result = objectOf(resource.status['optimizationResult']);
  const told = FIGURES.flatMap(({ key, text }) => {
    const value = result[key];
    return typeof value === 'number' || typeof value === 'string' ? [text(plainText(String(value), 40))] : [];
  });
  return told.length === 0 ? 'The proposal has no figures' : told.join(', ');
}

/** Keys of optimizationResult. Source: Strimzi's documentation of optimization proposals. */
const FIGURES: readonly { readonly key: string; readonly text: (value: string) => string }[] = [
  { key: 'numReplicaMovements', text: (value) => `${value} replicas to move` },
  { key: 'dataToMoveMB', text: (value) => `${value} MB to copy` },
  { key: 'numLeaderMovements', text: (value) => `${value} leaders to change` },
  { key: 'numIntraBrokerReplicaMovements', text: (value) => `${value} replicas to move between disks` },
  { key: 'onDemandBalancednessScoreBefore', text: (value) => `balance now ${value}` },
  { key: 'onDemandBalancednessScoreAfter', text: (value) => `balance afterwards ${value}` },
];

/** How far it is, as the operator keeps it in a ConfigMap; empty when it does not say. */
export async function progressOf(cluster: Cluster, { resource }: RebalanceNow): Promise<readonly string[]> {
  const name = textAt(resource.status, 'progress', 'rebalanceProgressConfigMap');
  if (name === '') return [];
  const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
  try {
    const data = objectOf((await cluster.get({ ...configMaps, namespace: resource.meta.namespace, name }))['data']);
    return PROGRESS.flatMap(({ key, text }) => {
      const value = data[key];
      return typeof value === 'string' && value !== '' ? [text(plainText(value, 40))] : [];
    });
  } catch (error) {
    if (error instanceof ClusterProblem) return [];
    throw error;
  }
}

const PROGRESS: readonly { readonly key: string; readonly text: (value: string) => string }[] = [
  { key: 'completedByteMovementPercentage', text: (value) => `${value} % of the bytes` },
  { key: 'estimatedTimeToCompletionInMinutes', text: (value) => `about ${value} min left` },
];
