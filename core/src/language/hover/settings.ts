import { code } from '#core/language/hover/constraints.ts';
import type { LocatedWord } from '#core/language/locate.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import type { ChangeScope, KnowledgeEntry, KnowledgeTable } from '#core/systems/contract.ts';
import { knownMapAt, knownVariables, type KnownPlace } from '#core/systems/knownPlace.ts';
import { factsIn, stateIn, type SettingState } from '#core/systems/settingVersions.ts';
import { findReservation } from '#core/systems/tables.ts';
import { nodeAt, textAt } from '#core/yaml/nodes.ts';

export interface KnownSetting {
  readonly name: string;
  readonly table: KnowledgeTable;
  readonly entry: KnowledgeEntry | undefined;
  /** Version of the system that the manifest asks for. */
  readonly version: string | undefined;
}

/** The setting of a system that stands at a word: a key of its configuration, or an environment variable of its image. */
export function findSetting(word: LocatedWord, { settings }: SchemaCatalog): KnownSetting | undefined {
  const { kind, path, root } = word.owner;
  const name = path.at(-1);
  if (!kind || typeof name !== 'string') return undefined;
  const place = knownMapAt(kind, root, path.slice(0, -1), settings);
  return place ? settingOf(name, place) : findVariable(word, settings);
}

/** A name in a place, with what is known of it. */
export function settingOf(name: string, { table, version }: KnownPlace): KnownSetting {
  return { name, table, entry: table.entries.get(name), version };
}

function findVariable(
  { owner: { path, root }, role }: LocatedWord,
  settings: SchemaCatalog['settings'],
): KnownSetting | undefined {
  const list = path.lastIndexOf('env');
  const isName = role === 'value' && path.at(-1) === 'name' && list === path.length - 3;
  if (!isName) return undefined;
  const image = textAt(root, [...path.slice(0, list), 'image']);
  const name = textAt(nodeAt(root, path), []);
  const place = image === undefined ? undefined : knownVariables(image, settings);
  const known = place && name !== undefined ? settingOf(name, place) : undefined;
  return known?.entry && known;
}

const SCOPES: Readonly<Record<ChangeScope, string>> = {
  restart: 'A change takes effect at a restart.',
  node: 'Can be changed on a running node.',
  cluster: 'Can be changed for the running cluster.',
};

const STATES: Readonly<Record<SettingState, (version: string) => readonly string[]>> = {
  gone: (version) => [`**Gone.** ${version} no longer knows it.`],
  notYet: (version) => [`**Not yet there.** ${version} does not know it.`],
  renamed: (version) => [`**Outdated.** ${version} still reads it under this name.`],
  current: () => [],
};

/** The setting in Markdown; undefined when nothing is known of it. */
export function describeSetting({ name, table, entry, version }: KnownSetting): string | undefined {
  const reserved = findReservation(table, name);
  if (!entry && !reserved) return undefined;
  const facts = entry ? factLines(entry, version) : [];
  return [
    `**${name}**${entry ? ` \u00b7 ${entry.type}` : ''}`,
    ...(entry && entry.description !== '' ? [entry.description] : []),
    ...(entry && version !== undefined ? STATES[stateIn(entry, version)](version) : []),
    ...(reserved ? [`**Not yours to set here.** ${reserved.reason}`] : []),
    ...(facts.length > 0 ? [facts.map((fact) => `- ${fact}`).join('\n')] : []),
    table.documentation === undefined ? table.name : `[${table.name}](${table.documentation})`,
  ].join('\n\n');
}

function factLines(entry: KnowledgeEntry, version: string | undefined): readonly string[] {
  const facts = factsIn(entry, version);
  const fallback = facts?.default ?? entry.default;
  const values = facts?.values ?? entry.values;
  const { since, removedIn, replacedBy, scope } = entry;
  return [
    ...(fallback === undefined || fallback === '' ? [] : [`Default: ${code(fallback)}`]),
    ...(values ? [`Allowed: ${values.map(code).join(', ')}`] : []),
    ...rangeLines(facts),
    ...(since === undefined ? [] : [`Since ${since}`]),
    ...(removedIn === undefined ? [] : [`Gone since ${removedIn}`]),
    ...(replacedBy === undefined ? [] : [`Use ${code(replacedBy)} instead`]),
    ...(scope === undefined ? [] : [SCOPES[scope]]),
  ];
}

function rangeLines(facts: ReturnType<typeof factsIn>): readonly string[] {
  const { min, max, above } = facts ?? {};
  const lower = above ?? min;
  if (typeof lower === 'number' && typeof max === 'number' && above === undefined) return [`From ${lower} to ${max}`];
  return [
    ...(typeof lower === 'number' ? [above === undefined ? `At least ${lower}` : `More than ${lower}`] : []),
    ...(typeof max === 'number' ? [`At most ${max}`] : []),
  ];
}
