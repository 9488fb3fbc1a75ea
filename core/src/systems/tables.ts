import type { KnowledgeEntry, KnowledgeTable, KnowledgeType, ReservedSettings } from '#core/systems/contract.ts';

/** Settings by name, as the knowledge files write them down. */
export type SettingTable = Readonly<Record<string, KnowledgeEntry>>;

/** One row of a knowledge file. An empty default stands for none. */
export function setting(
  type: KnowledgeType,
  fallback: string,
  description: string,
  more: Omit<KnowledgeEntry, 'type' | 'default' | 'description'> = {},
): KnowledgeEntry {
  return { type, ...(fallback === '' ? {} : { default: fallback }), description, ...more };
}

const SIGNS: Readonly<Record<string, string>> = { '.': '_', _: '__', '-': '___' };

/** The variable an image makes a setting from: `min.insync.replicas` is `KAFKA_MIN_INSYNC_REPLICAS`. */
export function variableOf(prefix: string, name: string): string {
  const words = name.replaceAll(/[._-]/g, (sign) => SIGNS[sign] ?? sign);
  return `${prefix}${words.toUpperCase()}`;
}

/** One lookup table of several parts; of a repeated name the first part wins. */
export function combineSettings(...parts: readonly SettingTable[]): ReadonlyMap<string, KnowledgeEntry> {
  return new Map(parts.toReversed().flatMap((part) => Object.entries(part)));
}

/** Why a setting is not the user's to write in this place; undefined when it is. */
export function findReservation(table: KnowledgeTable, name: string): ReservedSettings | undefined {
  const { reserved } = table;
  return reserved && isReserved(reserved, name) ? reserved : undefined;
}

export function isReserved({ prefixes, except }: ReservedSettings, name: string): boolean {
  return !except.includes(name) && prefixes.some((prefix) => name.startsWith(prefix));
}

/** The same table without what is reserved there or meant for nobody, for offering names. */
export function offeredEntries(table: KnowledgeTable): ReadonlyMap<string, KnowledgeEntry> {
  return new Map(
    [...table.entries].filter(
      ([name, { facts }]) => facts?.internal !== true && findReservation(table, name) === undefined,
    ),
  );
}
