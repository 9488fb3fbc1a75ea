import {
  CONFIG_BROKER,
  CONFIG_TOPIC,
  KAFKA_ERRORS,
  type ConfigChange,
  type IncrementalAlterConfigsAnswer,
  type IncrementalAlterConfigsRequest,
} from '#core/systems/kafka/admin.ts';
import type { KafkaNode } from './model.ts';
import type { Refusal } from './reassignment.ts';
import { brokerSettings, isKnownTo, LOG_DIR, topicSettings, type KnownSetting, type SettingType } from './settings.ts';
import type { KafkaSimulation } from './simulation.ts';

type Resource = IncrementalAlterConfigsRequest['resources'][number];

/** Changes each resource as a whole or not at all. The refusals are those of Kafka 4.3, in its words. */
export function alterSettings(
  kafka: KafkaSimulation,
  node: KafkaNode,
  { resources, validateOnly }: IncrementalAlterConfigsRequest,
): IncrementalAlterConfigsAnswer {
  return {
    resources: resources.map((resource) => {
      const refused = alter(kafka, node, resource, validateOnly);
      const { type, name } = resource;
      return { type, name, errorCode: refused?.errorCode ?? KAFKA_ERRORS.NONE, message: refused?.message ?? '' };
    }),
  };
}

function alter(
  kafka: KafkaSimulation,
  node: KafkaNode,
  resource: Resource,
  validateOnly: boolean,
): Refusal | undefined {
  const place = placeOf(kafka, node, resource);
  if ('errorCode' in place) return place;
  const values = new Map(place.values);
  for (const change of resource.configs) {
    const refused = place.refuse(change) ?? applyChange(values, change, place);
    if (refused) return refused;
  }
  if (validateOnly) return undefined;
  place.values.clear();
  for (const [name, value] of values) place.values.set(name, value);
  return undefined;
}

/** Where the values of a resource are kept, and what may not be done to them. */
interface Place {
  readonly values: Map<string, string>;
  readonly known: Readonly<Record<string, KnownSetting>>;
  /** Code of a value that does not parse: topics and brokers differ. */
  readonly invalid: number;
  readonly refuse: (change: ConfigChange) => Refusal | undefined;
  /** What a list has before anything is set. */
  readonly inherited: (name: string) => string | undefined;
}

function placeOf(kafka: KafkaSimulation, node: KafkaNode, { type, name }: Resource): Place | Refusal {
  if (type === CONFIG_TOPIC) return topicPlace(kafka, name);
  if (type !== CONFIG_BROKER) return { errorCode: KAFKA_ERRORS.INVALID_REQUEST, message: `Unexpected type ${type}` };
  const { id } = node.plan;
  if (name !== '' && name !== String(id)) {
    const message = `Unexpected broker id, expected ${id}, but received ${name}`;
    return { errorCode: KAFKA_ERRORS.INVALID_REQUEST, message };
  }
  return {
    values: name === '' ? kafka.shared : node.config,
    known: brokerSettings,
    invalid: KAFKA_ERRORS.INVALID_REQUEST,
    refuse: (change) => (name === '' ? refuseForAll(kafka, change) : refuseForOne(kafka, id, change)),
    inherited: (setting) => kafka.brokerSetting(id, setting) ?? brokerSettings[setting]?.default ?? undefined,
  };
}

function topicPlace(kafka: KafkaSimulation, name: string): Place | Refusal {
  const topic = kafka.topics.get(name);
  if (topic === undefined) {
    return { errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, message: `The topic '${name}' does not exist.` };
  }
  return {
    values: topic.config,
    known: topicSettings,
    invalid: KAFKA_ERRORS.INVALID_CONFIG,
    refuse: (change) =>
      topicSettings[change.name] === undefined
        ? { errorCode: KAFKA_ERRORS.INVALID_CONFIG, message: `Unknown topic config name: ${change.name}` }
        : undefined,
    inherited: (setting) => kafka.topicSetting(name, setting) ?? topicSettings[setting]?.default ?? undefined,
  };
}

const refusal = (errorCode: number, message: string): Refusal => ({ errorCode, message });

/** Brokers take names that they do not know: plug-ins have settings too. */
function knownOf(kafka: KafkaSimulation, name: string): KnownSetting {
  const known = brokerSettings[name];
  return known && isKnownTo(kafka, known) ? known : { type: 'text' };
}

function refuseForAll(kafka: KafkaSimulation, change: ConfigChange): Refusal | undefined {
  return knownOf(kafka, change.name).isPerBroker === true
    ? refusal(
        KAFKA_ERRORS.INVALID_REQUEST,
        `Cannot update these configs at default cluster level, broker id must be specified: [${change.name}]`,
      )
    : refuseForBroker(kafka, undefined, change);
}

function refuseForOne(kafka: KafkaSimulation, id: number, change: ConfigChange): Refusal | undefined {
  const { name, operation, value } = change;
  if (name === 'min.insync.replicas') {
    return refusal(
      KAFKA_ERRORS.INVALID_CONFIG,
      'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    );
  }
  const dirs = name === 'cordoned.log.dirs' && isKnownTo(kafka, knownOf(kafka, name)) && operation !== 'delete';
  const missing = dirs ? (value ?? '').split(',').filter((dir) => dir !== '' && dir !== '*' && dir !== LOG_DIR) : [];
  return missing.length > 0
    ? refusal(
        KAFKA_ERRORS.INVALID_REQUEST,
        `requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ${missing.join(', ')}`,
      )
    : refuseForBroker(kafka, id, change);
}

function refuseForBroker(
  kafka: KafkaSimulation,
  id: number | undefined,
  { name, operation, value }: ConfigChange,
): Refusal | undefined {
  const known = knownOf(kafka, name);
  if (known.isReadOnly === true) {
    return refusal(KAFKA_ERRORS.INVALID_REQUEST, `Cannot update these configs dynamically: [${name}]`);
  }
  if (known.isThreads !== true || operation !== 'set' || !isOfType('INT', value ?? '')) return undefined;
  const now = Number((id === undefined ? kafka.shared.get(name) : kafka.brokerSetting(id, name)) ?? known.default);
  const wanted = Number(value);
  const bound = wanted > now * 2 ? 'greater than double' : wanted < now / 2 ? 'less than half' : undefined;
  return bound === undefined
    ? undefined
    : refusal(
        KAFKA_ERRORS.INVALID_REQUEST,
        `Dynamic thread count update validation failed for ${name}=${wanted}, value should not be ${bound} the current value ${now}`,
      );
}

function applyChange(values: Map<string, string>, change: ConfigChange, place: Place): Refusal | undefined {
  const { name, operation } = change;
  const { type, least } = place.known[name] ?? { type: 'text' as const };
  if (operation === 'delete') {
    values.delete(name);
    return undefined;
  }
  const isList = type === 'list' || type === 'replicas';
  if (operation !== 'set' && !isList) {
    const message = `Config value ${operation} is not allowed for config key: ${name}`;
    return { errorCode: KAFKA_ERRORS.INVALID_CONFIG, message };
  }
  const value = newValue(values.get(name) ?? place.inherited(name) ?? '', change);
  if (!isOfType(type, value)) return { errorCode: place.invalid, message: wrongValue(type, name, value) };
  if (least !== undefined && Number(value) < least) {
    return refusal(place.invalid, `Invalid value ${value} for configuration ${name}: Value must be at least ${least}`);
  }
  values.set(name, value);
  return undefined;
}

function newValue(before: string, { operation, value }: ConfigChange): string {
  const text = value ?? '';
  if (operation === 'set') return text;
  const items = text.split(',');
  const present = before.split(',').filter((item) => item !== '');
  const left = present.filter((item) => !items.includes(item));
  return (operation === 'append' ? [...left, ...items] : left).join(',');
}

const PATTERNS: Readonly<Record<SettingType, RegExp>> = {
  text: /^/,
  list: /^/,
  LONG: /^-?\d+$/,
  INT: /^-?\d+$/,
  BOOLEAN: /^(?:true|false)$/i,
  replicas: /^(?:\*|\d+:\d+(?:,\d+:\d+)*)?$/,
};

const isOfType = (type: SettingType, value: string): boolean => PATTERNS[type].test(value);

function wrongValue(type: SettingType, name: string, value: string): string {
  if (type === 'replicas') {
    return `Invalid value [${value}] for configuration ${name}: ${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
  }
  const what = type === 'BOOLEAN' ? 'Expected value to be either true or false' : `Not a number of type ${type}`;
  return `Invalid value ${value} for configuration ${name}: ${what}`;
}
