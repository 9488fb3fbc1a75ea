import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import {
  CONFIG_BROKER,
  CONFIG_SOURCES,
  KAFKA_ERRORS,
  nameOfKafkaError,
  type ConfigChange,
  type ConfigEntry,
} from '#core/systems/kafka/admin.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';

/** What one broker says of some of its settings. */
export interface BrokerSettings {
  readonly nodeId: number;
  /** Names the broker does not know are missing. */
  readonly entries: ReadonlyMap<string, ConfigEntry>;
}

/** A place where a value can be set while brokers run: that of all brokers, or that of one. */
export type DynamicPlace = 'all' | number;

export async function readBrokerSettings(
  door: KafkaDoor,
  nodeId: number,
  names: readonly string[],
): Promise<BrokerSettings> {
  const resources = [{ type: CONFIG_BROKER, name: String(nodeId), keys: names }];
  const answer = await door.askBroker(nodeId, 'DescribeConfigs', { resources, withSynonyms: true });
  const [resource] = answer.resources;
  if (!resource || resource.errorCode !== KAFKA_ERRORS.NONE) {
    const kind = resource?.errorCode === KAFKA_ERRORS.CLUSTER_AUTHORIZATION_FAILED ? 'forbidden' : 'server';
    const why = resource ? nameOfKafkaError(resource.errorCode) : 'it answered nothing';
    throw new ClusterProblem(kind, `Broker ${nodeId} does not tell its settings: ${why}`);
  }
  return { nodeId, entries: new Map(resource.configs.map((entry) => [entry.name, entry])) };
}

/** The value that was set at a place while brokers ran; undefined when none was. */
export function dynamicValue(entry: ConfigEntry | undefined, place: DynamicPlace): string | undefined {
  const source = place === 'all' ? CONFIG_SOURCES.allBrokers : CONFIG_SOURCES.broker;
  return entry?.synonyms.find((one) => one.source === source && one.name === entry.name)?.value;
}

/** The value that counts once nothing is set at the given places. */
export function valueBehind(entry: ConfigEntry, places: readonly ('all' | 'broker')[]): string | undefined {
  const hidden: readonly number[] = places.map((place) => CONFIG_SOURCES[place === 'all' ? 'allBrokers' : 'broker']);
  return entry.synonyms.find(({ source }) => !hidden.includes(source))?.value;
}

/** The value in the broker's own file, whether or not it counts. */
export function fileValue(entry: ConfigEntry | undefined): string | undefined {
  return entry?.synonyms.find(({ source }) => source === CONFIG_SOURCES.file)?.value;
}

export type AlterOutcome =
  | { readonly kind: 'done' }
  /** A sentence without its end. */
  | { readonly kind: 'refused'; readonly reason: string; readonly isForbidden: boolean };

const LATER: readonly number[] = [
  KAFKA_ERRORS.REQUEST_TIMED_OUT,
  KAFKA_ERRORS.NOT_CONTROLLER,
  KAFKA_ERRORS.THROTTLING_QUOTA_EXCEEDED,
];
const FORBIDDEN: readonly number[] = [KAFKA_ERRORS.CLUSTER_AUTHORIZATION_FAILED];

export interface AlterOptions {
  /** The brokers check the change and do not make it. */
  readonly validateOnly: boolean;
  /** Who is asked to change the settings of all brokers; whoever answers when absent, perhaps one after the other. */
  readonly via?: number | undefined;
}

/**
 * Changes the settings of one place, all or none of them; the settings of one broker are taken by that broker only.
 * @throws ClusterProblem when nobody answers, or when the answer is that it may be asked again
 */
export async function alterSettings(
  door: KafkaDoor,
  place: DynamicPlace,
  configs: readonly ConfigChange[],
  { validateOnly, via }: AlterOptions,
): Promise<AlterOutcome> {
  const request = {
    resources: [{ type: CONFIG_BROKER, name: place === 'all' ? '' : String(place), configs }],
    validateOnly,
  };
  const asked = place === 'all' ? via : place;
  const answer = await (asked === undefined
    ? door.ask('IncrementalAlterConfigs', request)
    : door.askBroker(asked, 'IncrementalAlterConfigs', request));
  const [resource] = answer.resources;
  if (resource?.errorCode === KAFKA_ERRORS.NONE) return { kind: 'done' };
  const code = resource?.errorCode ?? -1;
  const message = resource && resource.message !== '' ? `: ${messageText(resource.message)}` : '';
  const reason = `${nameOfKafkaError(code)}${message}`;
  if (!resource || LATER.includes(code)) throw new ClusterProblem('busy', `The brokers did not change it: ${reason}`);
  return { kind: 'refused', reason, isForbidden: FORBIDDEN.includes(code) };
}

/** A value and where it is from, for people: `8 (the default)`. */
export function entryText({ value, source }: { readonly value: string; readonly source: number }): string {
  return `${value === '' ? 'no value' : value} (${sourceText(source)})`;
}

function sourceText(source: number): string {
  return SOURCES[source] ?? 'from elsewhere';
}

const SOURCES: Readonly<Record<number, string>> = {
  [CONFIG_SOURCES.topic]: 'set for the topic',
  [CONFIG_SOURCES.broker]: 'set at runtime for this broker',
  [CONFIG_SOURCES.allBrokers]: 'set at runtime for all brokers',
  [CONFIG_SOURCES.file]: 'from its file',
  [CONFIG_SOURCES.default]: 'the default',
};
