import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { otherKafka } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import { few } from '#core/systems/kafka/operations/moves/movesRun.ts';
import type { Place } from '#core/systems/kafka/operations/scale/scaleGroup.ts';

/** What the steps of scaling need. */
export interface ScaleTarget {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
  readonly namespace: string;
  readonly kafkaClusterId: string;
  /** Nodes that are there before and after. */
  readonly staying: readonly (Place & { readonly isBroker: boolean })[];
}

/** Pods that are not ready: nothing is added to a cluster, or taken from it, while one of those that stay is out. */
export async function stayingReady({ cluster, namespace, staying }: ScaleTarget): Promise<Answer | undefined> {
  const names = staying.map(({ pod }) => pod);
  const pods = await readMemberPods(cluster, namespace, names);
  const unready = names.filter((name) => {
    const pod = pods.of(name);
    return pod?.isReady !== true || pod.meta.deletedAt !== undefined;
  });
  return unready.length === 0 ? undefined : waiting(`${few(unready)} to be ready`, unready, false);
}

/** The brokers of another cluster, or those of this one that are away. */
export function stayingRegistered({ staying, kafkaClusterId }: ScaleTarget, state: KafkaState): Answer | undefined {
  const stranger = otherKafka(state, kafkaClusterId);
  if (stranger) return stranger;
  const brokers = staying.filter(({ isBroker }) => isBroker).map(({ nodeId }) => nodeId);
  const absent = brokers.filter((id) => !state.brokers.includes(id));
  if (absent.length === 0) return undefined;
  return waiting(`broker ${absent.join(', ')} to be registered and unfenced`, absent, false);
}

export function waiting(waitingFor: string, measure: readonly (number | string)[], isNear: boolean): Answer {
  return { kind: 'wait', waitingFor, measure, isNear };
}
