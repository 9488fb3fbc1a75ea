import type { DraftEntry, DraftMap } from '#core/lint/placement/draft.ts';
import type { DecoderKind } from '#core/lint/structure/context.ts';
import { countMisfits } from '#core/lint/structure/misfits.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { isMergeKey, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';

/** A map of the document with its schema, and how it is reached. */
export interface Level {
  readonly map: DraftMap;
  readonly schema: SchemaNode;
  readonly path: YamlPath;
}

/** A place where the schema has room for a key that stands elsewhere. */
export interface Home {
  /** Path of the object that takes the key. */
  readonly path: YamlPath;
  readonly schema: SchemaNode;
  /** The object, or the entry with an empty value in which it has yet to be made. */
  readonly target: { readonly map: DraftMap } | { readonly emptyEntry: DraftEntry };
  /** Findings the value would have there, apart from keys that can move on themselves. */
  readonly misfit: number;
}

/**
 * All objects around a misplaced key that have room for it, the best first: those in which the value fits, then the nearest.
 * Looked at are the objects that enclose the key, from the inside out, and the empty or small objects right beside it.
 *
 * @param levels enclosing objects from the root inwards; the last is the one the key stands in or beside
 */
export function findHomes(entry: DraftEntry, levels: readonly Level[], decoder: DecoderKind): readonly Home[] {
  const inside = levels.at(-1);
  if (!inside || isMergeKey(entry.key)) return [];
  const homes = [
    ...siblingHomes(entry, inside, decoder),
    ...levels.toReversed().flatMap((level) => levelHome(entry, level, decoder)),
  ];
  const best = Math.min(...homes.map((home) => home.misfit));
  return homes.filter((home) => home.misfit === best);
}

function levelHome(entry: DraftEntry, level: Level, decoder: DecoderKind): Home[] {
  const schema = level.schema.property(entry.key.text);
  const taken = level.map.entries.some((other) => other !== entry && other.key.text === entry.key.text);
  if (!schema || taken || level.map.flow || !fitsType(entry.value, schema)) return [];
  return [{ path: level.path, schema, target: { map: level.map }, misfit: countMisfits(entry.value, schema, decoder) }];
}

/** Objects that hang beside the key: `name` next to an empty `metadata` belongs below it. */
function siblingHomes(entry: DraftEntry, level: Level, decoder: DecoderKind): Home[] {
  return level.map.entries.flatMap((sibling): Home[] => {
    const schema = level.schema.property(sibling.key.text);
    const field = schema?.property(entry.key.text);
    if (sibling === entry || !schema || !field || !fitsType(entry.value, field)) return [];
    const path = [...level.path, sibling.key.text];
    const misfit = countMisfits(entry.value, field, decoder);
    if (isEmpty(sibling.value)) {
      return [{ path, schema: field, target: { emptyEntry: sibling }, misfit }];
    }
    if (sibling.value?.kind !== 'map' || sibling.value.flow) return [];
    const taken = sibling.value.entries.some((other) => other.key.text === entry.key.text);
    return taken ? [] : [{ path, schema: field, target: { map: sibling.value }, misfit }];
  });
}

function fitsType(value: YamlNode | undefined, schema: SchemaNode): boolean {
  if (!value || value.kind === 'alias') return true;
  const type = schema.type ?? (schema.raw.properties ? 'object' : undefined);
  if (value.kind === 'map') return type === undefined || type === 'object';
  if (value.kind === 'sequence') return type === undefined || type === 'array';
  return value.value.type === 'null' || (type !== 'object' && type !== 'array');
}

function isEmpty(value: YamlNode | undefined): boolean {
  return !value || (value.kind === 'scalar' && value.style === 'plain' && value.value.type === 'null');
}
