import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import type { DataSystem } from '#core/systems/contract.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { sparkKinds } from '#core/systems/spark/kinds.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobKinds } from '#core/systems/tfjob/kinds.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';

/** A system as far as live clusters are concerned. */
export type WatchedSystem = Pick<DataSystem, 'id' | 'title' | 'kinds' | 'live'>;

/** The systems of `registry.ts` without their rules and settings, so that a program that only watches does not carry those. */
export const liveSystems: readonly WatchedSystem[] = [
  { id: 'cassandra', title: 'Cassandra', kinds: cassandraKinds, live: cassandraLive },
  { id: 'kafka', title: 'Kafka', kinds: kafkaKinds, live: kafkaLive },
  { id: 'spark', title: 'Spark', kinds: sparkKinds, live: sparkLive },
  { id: 'tfjob', title: 'TFJob', kinds: tfjobKinds, live: tfjobLive },
];
