import { code } from '#core/language/hover/constraints.ts';
import type { LocatedWord } from '#core/language/locate.ts';
import { environmentKnowledge, freeFormKnowledge } from '#core/systems/registry.ts';
import type { ChangeScope, KnowledgeEntry, KnowledgeTable } from '#core/systems/contract.ts';
import { findReservation } from '#core/systems/tables.ts';
import { nodeAt, textAt } from '#core/yaml/nodes.ts';

export interface KnownSetting {
  readonly name: string;
  readonly table: KnowledgeTable;
  readonly entry: KnowledgeEntry | undefined;
}

/** The setting of a system that stands at a word: a key of its configuration, or an environment variable of its image. */
export function findSetting(word: LocatedWord): KnownSetting | undefined {
  const { kind, path } = word.owner;
  const name = path.at(-1);
  if (!kind || typeof name !== 'string') return undefined;
  const table = freeFormKnowledge(kind, path.slice(0, -1));
  if (table) return { name, table, entry: table.entries.get(name) };
  return findVariable(word);
}

function findVariable({ owner: { path, root }, role }: LocatedWord): KnownSetting | undefined {
  const list = path.lastIndexOf('env');
  const isName = role === 'value' && path.at(-1) === 'name' && list === path.length - 3;
  if (!isName) return undefined;
  const image = textAt(root, [...path.slice(0, list), 'image']);
  const name = textAt(nodeAt(root, path), []);
  const table = image === undefined ? undefined : environmentKnowledge(image);
  const entry = name === undefined ? undefined : table?.entries.get(name);
  return table && entry && name !== undefined ? { name, table, entry } : undefined;
}

const SCOPES: Readonly<Record<ChangeScope, string>> = {
  restart: 'A change takes effect at a restart.',
  node: 'Can be changed on a running node.',
  cluster: 'Can be changed for the running cluster.',
};

/** The setting in Markdown; undefined when nothing is known of it. */
export function describeSetting({ name, table, entry }: KnownSetting): string | undefined {
  const reserved = findReservation(table, name);
  if (!entry && !reserved) return undefined;
  const facts = entry
    ? [
        ...(entry.default === undefined ? [] : [`Default: ${code(entry.default)}`]),
        ...(entry.values ? [`Allowed: ${entry.values.map(code).join(', ')}`] : []),
        ...(entry.since === undefined ? [] : [`Since ${entry.since}`]),
        ...(entry.removedIn === undefined ? [] : [`Gone since ${entry.removedIn}`]),
        ...(entry.replacedBy === undefined ? [] : [`Use ${code(entry.replacedBy)} instead`]),
        ...(entry.scope === undefined ? [] : [SCOPES[entry.scope]]),
      ]
    : [];
  return [
    `**${name}**${entry ? ` \u00b7 ${entry.type}` : ''}`,
    ...(entry ? [entry.description] : []),
    ...(reserved ? [`**Not yours to set here.** ${reserved.reason}`] : []),
    ...(facts.length > 0 ? [facts.map((fact) => `- ${fact}`).join('\n')] : []),
    table.documentation === undefined ? table.name : `[${table.name}](${table.documentation})`,
  ].join('\n\n');
}
