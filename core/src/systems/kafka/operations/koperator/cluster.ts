import { listAt, objectOf, objectsOf, type JsonObject } from '#core/json.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { integerAt, parseDigits, textAt } from '#core/systems/kafka/live/json.ts';
import type { BrokerPlace } from '#core/systems/kafka/operations/openDoor.ts';

/**
 * How Koperator is asked for a restart: it has no word for it, but it makes a broker's pod anew when what the pod should be differs from
 * what it is, and `brokerAnnotations` of that broker are part of it. Source: its pod comparison and rolling upgrade, read, not run.
 */
export const RESTART_ANNOTATION = 'data-clusters.io/restart';

const pods = { group: '', version: 'v1', plural: 'pods', namespaced: true } as const;

/** Pods by broker: their names have random endings, so a new pod has another name. The newest counts. @throws ClusterProblem */
export async function podsByBroker(
  cluster: Cluster,
  { namespace, name }: Plan['target'],
): Promise<Map<number, LivePod>> {
  const found = await cluster.list({ ...pods, namespace, labelSelector: `kafka_cr=${name}` });
  const decoded = found.flatMap((object) => decodePod(object) ?? []);
  const byAge = decoded.toSorted((a, b) => (a.meta.createdAt ?? 0) - (b.meta.createdAt ?? 0));
  return new Map(
    byAge.flatMap((pod) => {
      const id = parseDigits(pod.meta.labels['brokerId']);
      return id === undefined ? [] : [[id, pod] as const];
    }),
  );
}

/** Where the brokers of a plan are now. */
export async function koperatorPlaces(cluster: Cluster, target: Plan['target']): Promise<readonly BrokerPlace[]> {
  const found = await podsByBroker(cluster, target);
  return [...found].map(([nodeId, { meta }]) => ({ pod: meta.name, nodeId }));
}

/** What the resource wants the restart annotation of a broker to be; empty when it says nothing. */
export function wantedRestart({ spec }: LiveCustom, nodeId: number): string {
  const broker = objectsOf(spec['brokers']).find((one) => integerAt(one, 'id') === nodeId);
  const own = textAt(broker, 'brokerConfig', 'brokerAnnotations', RESTART_ANNOTATION);
  if (own !== '') return own;
  return textAt(
    spec,
    'brokerConfigGroups',
    textAt(broker, 'brokerConfigGroup'),
    'brokerAnnotations',
    RESTART_ANNOTATION,
  );
}

/** Every broker as it is, but for the annotation of one; null takes it away. Undefined when there is no such broker. */
export function brokersAsking(
  object: JsonObject,
  nodeId: number,
  value: string | null,
): readonly unknown[] | undefined {
  const brokers = listAt(object, 'spec', 'brokers');
  if (brokers.every((broker) => integerAt(broker, 'id') !== nodeId)) return undefined;
  return brokers.map((broker) => (integerAt(broker, 'id') === nodeId ? asking(objectOf(broker), value) : broker));
}

function asking(broker: JsonObject, value: string | null): JsonObject {
  const config = objectOf(broker['brokerConfig']);
  const { [RESTART_ANNOTATION]: _, ...others } = objectOf(config['brokerAnnotations']);
  const brokerAnnotations = value === null ? others : { ...others, [RESTART_ANNOTATION]: value };
  return { ...broker, brokerConfig: { ...config, brokerAnnotations } };
}

/** Why Koperator would not begin, or has not ended; undefined when it runs the cluster and nothing else. */
export function unrestOf({ meta, status, spec }: LiveCustom): string | undefined {
  const state = textAt(status, 'state');
  if (state !== 'ClusterRunning') return `${meta.name} is in state ${state === '' ? 'unknown' : state}`;
  const errors = integerAt(status, 'rollingUpgradeStatus', 'errorCount') ?? 0;
  const threshold = integerAt(spec, 'rollingUpgradeConfig', 'failureThreshold') ?? 1;
  if (errors >= threshold && errors > 0) return `the rolling upgrade of ${meta.name} has ${errors} errors`;
  return undefined;
}
