import type { ConfigEntry } from '#core/systems/kafka/admin.ts';
import { CONFIG_SOURCES } from '#core/systems/kafka/admin.ts';
import {
  dynamicValue,
  valueBehind,
  type BrokerSettings,
  type DynamicPlace,
} from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import { isSameValue } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { isThreadPool, stagesTo } from '#core/systems/kafka/operations/configure/threadPools.ts';

/** What has to be done for one setting to be as it is wished. */
export type Effect =
  /** It is so already. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** At once, at the given places, in this order. */
  | { readonly kind: 'dynamic'; readonly changes: readonly DynamicChange[] }
  /** It is written where brokers read it at their start. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'unknown' }
  /** A sentence without its end, after the name. */
  | { readonly kind: 'refused'; readonly why: string; readonly fix: string };

/** At one place; null takes the value away there. */
export interface DynamicChange {
  readonly place: DynamicPlace;
  /** The value that was set there before; undefined when none was. */
  readonly before: string | undefined;
  /** What is set one after the other, the wish itself last; more than one only for pools of threads. */
  readonly stages: readonly (string | null)[];
}

export interface SettingWish {
  readonly name: string;
  /** Null takes it away. */
  readonly value: string | null;
  /** Of the one broker it is for; undefined for all. */
  readonly broker: number | undefined;
}

/**
 * From what every broker says of the setting:
 *
 * 1. A name that none of them knows is unknown; one that is sensitive is refused.
 * 2. What only a restart changes is compared with what runs.
 * 3. Everything else is set while they run: for one broker, or for all and then taken away where a broker has a value of its own that
 *    would hide it.
 * 4. What is taken away and was never set at runtime stands in the file, if anywhere.
 *
 * `scope` is where it may be set: some settings only for each broker by itself (`listeners`).
 */
export function effectOf(wish: SettingWish, brokers: readonly BrokerSettings[], scope: 'all' | 'each'): Effect {
  const told = toldOf(wish.name, brokers);
  const [first] = told;
  if (!first) return { kind: 'unknown' };
  if (told.some(({ entry }) => entry.isSensitive)) return sensitive;
  if (told.some(({ entry }) => isForRestart(entry))) return afterRestart(wish, told);
  const changes =
    wish.broker === undefined && scope === 'all'
      ? changesForAll(wish, told)
      : told.flatMap((one) => changeOf(wish, one));
  if (changes === undefined) return tooFarApart;
  if (changes.length > 0) return { kind: 'dynamic', changes };
  return wish.value === null ? takenFromFile(told) : { kind: 'nothing', why: 'every broker has this value' };
}

interface Told {
  readonly nodeId: number;
  readonly entry: ConfigEntry;
}

function toldOf(name: string, brokers: readonly BrokerSettings[]): readonly Told[] {
  return brokers.flatMap(({ nodeId, entries }) => {
    const entry = entries.get(name);
    return entry ? [{ nodeId, entry }] : [];
  });
}

/** Brokers call settings of one listener read-only, though most of them can be set while it runs. Source: ConfigHelper of Kafka. */
function isForRestart({ name, isReadOnly }: ConfigEntry): boolean {
  return isReadOnly && !name.startsWith('listener.name.');
}

function afterRestart({ value }: SettingWish, told: readonly Told[]): Effect {
  const isSo = told.every(({ entry }) =>
    value === null ? entry.source === CONFIG_SOURCES.default : isSameValue(entry.value, value),
  );
  if (!isSo) return { kind: 'restart' };
  return { kind: 'nothing', why: value === null ? 'no broker has it set' : 'every broker has this value' };
}

function takenFromFile(told: readonly Told[]): Effect {
  const isInFile = told.some(({ entry }) => entry.source === CONFIG_SOURCES.file);
  return isInFile ? { kind: 'restart' } : { kind: 'nothing', why: 'it is not set anywhere' };
}

function changesForAll(wish: SettingWish, told: readonly Told[]): readonly DynamicChange[] | undefined {
  const before = told.map(({ entry }) => dynamicValue(entry, 'all')).find((value) => value !== undefined);
  const owns = told.filter(({ nodeId, entry }) => dynamicValue(entry, nodeId) !== undefined);
  const hiding = owns.filter(
    ({ nodeId, entry }) => wish.value === null || !isSameValue(dynamicValue(entry, nodeId), wish.value),
  );
  const isSo =
    wish.value === null
      ? before === undefined
      : told.every(({ entry }) => isSameValue(entry.value, wish.value ?? undefined)) && hiding.length === 0;
  // A pool that one broker has its own number for moves in steps of its own.
  if (isThreadPool(wish.name) && hiding.length > 0) return undefined;
  const stages = isSo ? [] : stagesOf(wish, told, 'all');
  if (stages === undefined) return undefined;
  const shared: readonly DynamicChange[] = isSo ? [] : [{ place: 'all', before, stages }];
  const own = hiding.map(({ nodeId, entry }) => ({
    place: nodeId,
    before: dynamicValue(entry, nodeId),
    stages: [null],
  }));
  return [...shared, ...own];
}

function changeOf(wish: SettingWish, one: Told): readonly DynamicChange[] {
  const before = dynamicValue(one.entry, one.nodeId);
  const isSo = wish.value === null ? before === undefined : isSameValue(one.entry.value, wish.value);
  if (isSo) return [];
  return [{ place: one.nodeId, before, stages: stagesOf(wish, [one], 'broker') ?? [wish.value] }];
}

/** Of anything but a pool of threads the wish itself. */
function stagesOf(
  { name, value }: SettingWish,
  told: readonly Told[],
  place: 'all' | 'broker',
): readonly (string | null)[] | undefined {
  if (!isThreadPool(name)) return [value];
  const goals = told.map(({ entry }) => Number(value ?? valueBehind(entry, [place])));
  const [goal = Number.NaN] = goals;
  if (goals.some((one) => one !== goal)) return undefined;
  const stages = stagesTo(
    told.map(({ entry }) => Number(entry.value)),
    goal,
  );
  return stages && [...stages.slice(0, -1).map(String), value];
}

const sensitive: Effect = {
  kind: 'refused',
  why: 'is a secret, and would be written down where everybody can read it',
  fix: 'Change it where it is kept, in its Secret, and restart the brokers.',
};

const tooFarApart: Effect = {
  kind: 'refused',
  why: 'is not the same for all brokers, and a pool of threads at most doubles or halves at a time',
  fix: 'Set it for single brokers until they have the same.',
};
