import type { DataCluster, Health, InsideFacts } from '#core/live/model.ts';
import type { LivePod, LiveWorkload } from '#core/live/objects.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { container, namespace, NOW, podsOf, statefulSet } from './liveObjects.ts';

export const image = container('apache/kafka:4.1.0', { variables: { KAFKA_NODE_ID: undefined } });
export const set = (more: Parameters<typeof statefulSet>[1] = {}): LiveWorkload =>
  statefulSet('kafka', { containers: [image], ...more });

/** kafka-1 as given, the others well; without pod when it is null. */
export function cluster(
  second: (Partial<Omit<LivePod, 'meta'>> & { meta?: object }) | null = {},
  workload = set(),
): DataCluster {
  const pods = podsOf(workload).flatMap((one) => {
    if (one.meta.name !== 'kafka-1') return [one];
    return second === null ? [] : [{ ...one, ...second, meta: { ...one.meta, ...second.meta } }];
  });
  const [found] = kafkaLive.gather(namespace({ workloads: [workload], pods }));
  if (!found) throw new Error('no cluster');
  return found;
}

export const judge = (of: DataCluster, facts?: InsideFacts): Health => kafkaLive.health(of, facts, NOW);
export const judgeSecond = (of: DataCluster, facts?: InsideFacts): Health => {
  const member = of.members.find(({ name }) => name === 'kafka-1');
  if (!member) throw new Error('no member');
  return kafkaLive.memberHealth(member, of, facts, NOW);
};
