import type { DataSystem } from '#core/systems/contract.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { kafkaKnowledge } from '#core/systems/kafka/knowledge/index.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { recognizeKafka } from '#core/systems/kafka/recognize.ts';
import { kafkaRules } from '#core/systems/kafka/rules/index.ts';

export const kafka: DataSystem = {
  id: 'kafka',
  title: 'Kafka',
  kinds: kafkaKinds,
  snippetFile: 'kafka.json',
  knowledge: kafkaKnowledge,
  recognize: recognizeKafka,
  rules: kafkaRules,
  live: kafkaLive,
};
