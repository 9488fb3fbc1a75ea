import type { ObjectView } from '#core/lint/rules/object.ts';
import type { KnowledgeEntry, KnowledgeTable } from '#core/systems/contract.ts';
import { readConfigMap, type Setting } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { brokerTable, topicTable } from '#core/systems/kafka/knowledge/index.ts';
import { ownedByStrimzi } from '#core/systems/kafka/knowledge/ownedByStrimzi.ts';
import { findReservation } from '#core/systems/tables.ts';

/** A written setting with what is known of it. */
export interface KnownSetting {
  readonly setting: Setting;
  /** Undefined when Kafka has no setting of that name. */
  readonly entry: KnowledgeEntry | undefined;
  readonly table: KnowledgeTable;
  /** Minor version of Kafka, where it is known. */
  readonly version: string | undefined;
  /** Who reads it first. */
  readonly operator: 'strimzi' | 'koperator' | undefined;
}

const TOPICS: Readonly<Record<string, 'strimzi' | 'koperator'>> = {
  'kafka.strimzi.io/KafkaTopic': 'strimzi',
  'kafka.banzaicloud.io/KafkaTopic': 'koperator',
};

/** All settings of brokers and topics that an object writes, without those that its operator ignores. */
export function readSettings(object: ObjectView): readonly KnownSetting[] {
  const operator = TOPICS[object.groupKind];
  if (operator) {
    const settings = readConfigMap(object.spec.field('config'));
    return settings.map((setting) => known(setting, topicTable, undefined, operator));
  }
  return viewBrokers(object).flatMap(({ config, version, operator: owner }) => {
    const table = owner === 'strimzi' ? { ...brokerTable, reserved: ownedByStrimzi } : brokerTable;
    return [...config.settings.values()]
      .filter(({ name }) => findReservation(table, name.toLowerCase()) === undefined)
      .map((setting) => known(setting, table, version, owner));
  });
}

function known(
  setting: Setting,
  table: KnowledgeTable,
  version: string | undefined,
  operator: KnownSetting['operator'],
): KnownSetting {
  return { setting, entry: table.entries.get(setting.name), table, version, operator };
}
