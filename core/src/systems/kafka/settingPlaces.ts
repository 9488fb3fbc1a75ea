import type { ObjectView } from '#core/lint/rules/object.ts';
import { readConfigMap, type Setting } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { ownedByStrimzi } from '#core/systems/kafka/knowledge/ownedByStrimzi.ts';
import { isReserved } from '#core/systems/tables.ts';

const TOPICS: readonly string[] = ['kafka.strimzi.io/KafkaTopic', 'kafka.banzaicloud.io/KafkaTopic'];

/** All settings of brokers and topics that an object writes, without those that its operator ignores. */
export function readSettings(object: ObjectView): readonly Setting[] {
  if (TOPICS.includes(object.groupKind)) return readConfigMap(object.spec.field('config'));
  return viewBrokers(object).flatMap(({ config, operator }) =>
    [...config.settings.values()].filter(
      ({ name }) => operator !== 'strimzi' || !isReserved(ownedByStrimzi, name.toLowerCase()),
    ),
  );
}
