import type { LiveSystem } from '#core/live/model.ts';
import { gatherKafka } from '#core/systems/kafka/live/gather.ts';
import { inspectKafka } from '#core/systems/kafka/live/inside.ts';
import { kafkaHealth, kafkaMemberHealth } from '#core/systems/kafka/live/health.ts';

/** How Kafka looks alive: its clusters by whoever runs them, their brokers and controllers, and what is wrong with them. */
export const kafkaLive: LiveSystem = {
  gather: gatherKafka,
  health: kafkaHealth,
  memberHealth: kafkaMemberHealth,
  inspect: inspectKafka,
};
