import {
  emptyDraftMap,
  toDraft,
  toDraftEntry,
  type DraftEntry,
  type DraftMap,
  type DraftNode,
} from '#core/lint/placement/draft.ts';
import { findHomes, type Home, type Level } from '#core/lint/placement/homes.ts';
import type { DecoderKind } from '#core/lint/structure/context.ts';
import { schemaOfKey } from '#core/lint/structure/objects.ts';
import { nearestFreeName } from '#core/lint/structure/unknown.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { MapEntry, YamlNode, YamlPath } from '#core/yaml/nodes.ts';
import type { StrayBlock } from '#core/yaml/tolerant.ts';

/** A key that stands in the wrong object, and where it should stand. */
export interface Placement {
  readonly entry: MapEntry;
  /** The place it has now, as far as it has one: for a stray, the collection it interrupts. */
  readonly from: YamlPath;
  /** For a stray the reader could not attach; otherwise the key parses but is unknown in its object. */
  readonly stray: StrayBlock | undefined;
  /** Best first; empty when the schema has room nowhere near. */
  readonly homes: readonly Home[];
}

export interface Relocation {
  /** The document as it would be with every key in its best home; the same tree when nothing moved. */
  readonly root: YamlNode;
  readonly placements: readonly Placement[];
}

/**
 * Finds misplaced keys and the tree they make when each stands at home, so that everything else can be checked as if it were.
 * Outer blocks move first; what is inside them is then looked at in its new place.
 */
export function relocate(
  root: YamlNode,
  strays: readonly StrayBlock[],
  schema: SchemaNode,
  decoder: DecoderKind,
): Relocation {
  if (strays.length === 0 && !hasUnknownKey(root, schema)) return { root, placements: [] };
  const relocator = new Relocator(toDraft(root), schema, decoder);
  relocator.placeStrays(strays, []);
  relocator.placeUnknownKeys();
  return { root: relocator.root, placements: relocator.placements };
}

function hasUnknownKey(node: YamlNode | undefined, schema: SchemaNode): boolean {
  if (node?.kind === 'sequence') {
    const { items } = schema;
    return items !== undefined && node.items.some((item) => hasUnknownKey(item.value, items));
  }
  if (node?.kind !== 'map') return false;
  return node.entries.some((entry) => {
    const child = schemaOfKey(schema, entry.key.text);
    return child === 'unknown' || (child !== 'free' && hasUnknownKey(entry.value, child));
  });
}

class Relocator {
  readonly root: DraftNode;
  readonly placements: Placement[] = [];
  readonly #schema: SchemaNode;
  readonly #decoder: DecoderKind;

  constructor(root: DraftNode, schema: SchemaNode, decoder: DecoderKind) {
    this.root = root;
    this.#schema = schema;
    this.#decoder = decoder;
  }

  placeStrays(strays: readonly StrayBlock[], base: YamlPath): void {
    for (const stray of strays) {
      if (!stray.entry) continue;
      const container = [...base, ...stray.containerPath];
      const entry = toDraftEntry(stray.entry);
      const home = this.#place(entry, container, stray);
      if (home) this.placeStrays(stray.nested, [...home.path, entry.key.text]);
    }
  }

  placeUnknownKeys(): void {
    this.#visit(this.root, this.#schema, []);
  }

  #visit(node: DraftNode | undefined, schema: SchemaNode, path: YamlPath): void {
    if (node?.kind === 'sequence' && schema.items) {
      for (const [index, item] of node.items.entries()) {
        this.#visit(item.value, schema.items, [...path, index]);
      }
    }
    if (node?.kind !== 'map') return;
    // A copy: entries that move leave the list.
    for (const entry of node.entries.slice()) {
      const child = schemaOfKey(schema, entry.key.text);
      if (child === 'unknown') this.#moveUnknown(entry, node, schema, path);
      else if (child !== 'free') this.#visit(entry.value, child, [...path, entry.key.text]);
    }
  }

  #moveUnknown(entry: DraftEntry, map: DraftMap, schema: SchemaNode, path: YamlPath): void {
    if (isMisspelling(entry.key.text, map, schema)) return;
    const home = this.#place(entry, path, undefined);
    if (!home) return;
    map.entries.splice(map.entries.indexOf(entry), 1);
    this.#visit(entry.value, home.schema, [...home.path, entry.key.text]);
  }

  #place(entry: DraftEntry, from: YamlPath, stray: StrayBlock | undefined): Home | undefined {
    const homes = findHomes(entry, this.#levelsAt(from), this.#decoder);
    const [best] = homes;
    if (!best && !stray) return undefined;
    this.placements.push({ entry, from, stray, homes });
    if (best) moveInto(entry, best);
    return best;
  }

  /** The typed maps on the way to a place, with the last item of a list that is itself the place. */
  #levelsAt(path: YamlPath): readonly Level[] {
    const levels: Level[] = [];
    let node: DraftNode | undefined = this.root;
    let schema: SchemaNode | undefined = this.#schema;
    const steps = [...path];
    for (let depth = 0; node && schema; depth++) {
      if (node.kind === 'map') levels.push({ map: node, schema, path: steps.slice(0, depth) });
      if (depth === steps.length && node.kind === 'sequence' && node.items.length > 0) {
        steps.push(node.items.length - 1);
      }
      const step: string | number | undefined = steps[depth];
      if (step === undefined) break;
      ({ node, schema } = descend(node, schema, step));
    }
    return levels;
  }
}

function descend(
  node: DraftNode,
  schema: SchemaNode,
  step: string | number,
): { node: DraftNode | undefined; schema: SchemaNode | undefined } {
  if (node.kind === 'sequence' && typeof step === 'number') {
    return { node: node.items[step]?.value, schema: schema.items };
  }
  if (node.kind !== 'map' || typeof step !== 'string') return { node: undefined, schema: undefined };
  const child = schemaOfKey(schema, step);
  const value = node.entries.findLast((entry) => entry.key.text === step)?.value;
  return { node: value, schema: child === 'free' || child === 'unknown' ? undefined : child };
}

function moveInto(entry: DraftEntry, home: Home): void {
  if ('map' in home.target) {
    home.target.map.entries.push(entry);
    return;
  }
  const map = emptyDraftMap(entry.range, home.target.emptyEntry);
  map.entries.push(entry);
  home.target.emptyEntry.value = map;
}

/** Another spelling of a field of the same object is corrected where it stands, not moved. */
function isMisspelling(name: string, map: DraftMap, schema: SchemaNode): boolean {
  return nearestFreeName(name, map, schema)?.toLowerCase() === name.toLowerCase();
}
