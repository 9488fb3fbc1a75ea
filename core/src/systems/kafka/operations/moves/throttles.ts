import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { CONFIG_BROKER, CONFIG_TOPIC, type ConfigChange } from '#core/systems/kafka/admin.ts';
import { movesData } from '#core/systems/kafka/operations/moves/moveText.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { addedBy } from '#core/systems/kafka/rebalance/summary.ts';

/**
 * Kafka throttles copying by two settings of each broker, which say how fast, and two of each topic, which say for which replicas; without
 * either nothing is throttled. Source: KIP-73. What others have set is kept: lists are added to, `*` (all replicas) is left alone, and at
 * the end every value is again what it was.
 */
const RATES = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'] as const;
const SENDERS = 'leader.replication.throttled.replicas';
const RECEIVERS = 'follower.replication.throttled.replicas';
const ALL = '*';

/** Names of the settings, by the kind of thing that has them. */
export const THROTTLE_KEYS: Readonly<Record<number, readonly string[]>> = {
  [CONFIG_BROKER]: RATES,
  [CONFIG_TOPIC]: [SENDERS, RECEIVERS],
};

/** One setting of one broker or topic. */
export interface SettingPlace {
  /** CONFIG_BROKER or CONFIG_TOPIC. */
  readonly type: number;
  readonly name: string;
  readonly key: string;
}

/** What the run wants at a place: a rate in bytes a second, or replicas as `partition:broker`. */
export type Wanted = SettingPlace & ({ readonly rate: string } | { readonly replicas: readonly string[] });

/** Values by their places; without one where nothing is set there. */
export type Values = ReadonlyMap<string, string>;

export function keyOf({ type, name, key }: SettingPlace): string {
  return `${type} ${name} ${key}`;
}

/** For the brokers and topics that take part in copying; no others are touched. */
export function wantedThrottles(moves: readonly Move[], rate: number): readonly Wanted[] {
  const copied = moves.filter(movesData);
  const brokers = [...new Set(copied.flatMap(({ before, after }) => [...before, ...after]))].toSorted((a, b) => a - b);
  const rates = brokers.flatMap((id) =>
    RATES.map((key) => ({ type: CONFIG_BROKER, name: String(id), key, rate: String(rate) })),
  );
  return [...rates, ...listsOf(copied)];
}

function listsOf(moves: readonly Move[]): readonly Wanted[] {
  const topics = groupBy(moves, ({ topic }) => topic);
  const entries = (of: readonly Move[], brokersOf: (move: Move) => readonly number[]): readonly string[] =>
    of.flatMap((move) => brokersOf(move).map((broker) => `${move.index}:${broker}`));
  return [...topics].flatMap(([name, of]) => [
    { type: CONFIG_TOPIC, name, key: SENDERS, replicas: entries(of, ({ before }) => before) },
    { type: CONFIG_TOPIC, name, key: RECEIVERS, replicas: entries(of, addedBy) },
  ]);
}

/** What brings a setting to what is wanted; undefined when it is there. */
export function changeToApply(wanted: Wanted, present: Values): ConfigChange | undefined {
  const value = present.get(keyOf(wanted));
  if ('rate' in wanted) return value === wanted.rate ? undefined : set(wanted, wanted.rate);
  if (value === ALL) return undefined;
  const others = split(value);
  const missing = wanted.replicas.filter((one) => !others.includes(one));
  return missing.length === 0 ? undefined : set(wanted, [...others, ...missing].join(','));
}

/**
 * What brings a setting back to what it was before; undefined when nothing of ours is there. What somebody else has added since stays,
 * and so does a rate that somebody else has set.
 */
export function changeToRestore(wanted: Wanted, prior: Values, present: Values): ConfigChange | undefined {
  const value = present.get(keyOf(wanted));
  const before = prior.get(keyOf(wanted));
  if (value === undefined || value === before) return undefined;
  if ('rate' in wanted) return value === wanted.rate ? backTo(wanted, before) : undefined;
  if (value === ALL || before === ALL) return undefined;
  const kept = split(before);
  const ours = new Set(wanted.replicas.filter((one) => !kept.includes(one)));
  const entries = split(value);
  const left = entries.filter((one) => !ours.has(one));
  if (left.length === entries.length) return undefined;
  const isAsBefore = left.length === kept.length && left.every((one) => kept.includes(one));
  return isAsBefore ? backTo(wanted, before) : backTo(wanted, left.length === 0 ? undefined : left.join(','));
}

function set({ key }: SettingPlace, value: string): ConfigChange {
  return { name: key, operation: 'set', value };
}

function backTo(place: SettingPlace, value: string | undefined): ConfigChange {
  return value === undefined ? { name: place.key, operation: 'delete', value: null } : set(place, value);
}

function split(value: string | undefined): readonly string[] {
  return (value ?? '').split(',').filter((entry) => entry !== '');
}

/** Values as texts for the journal. */
export function writeValues(values: Values): readonly string[] {
  return [...values].map(([place, value]) => `${place} ${value}`);
}

/** What `writeValues` wrote: three words of a place, then the value. */
export function readValues(texts: unknown): Values {
  if (!Array.isArray(texts)) return new Map();
  return new Map(
    texts.map((text) => {
      const words = String(text).split(' ');
      return [words.slice(0, 3).join(' '), words.slice(3).join(' ')] as const;
    }),
  );
}
