import type { TextRange } from '#core/text/range.ts';
import {
  effectiveEntries,
  findEntry,
  resolveAlias,
  type MapEntry,
  type MapNode,
  type YamlNode,
  type YamlPath,
} from '#core/yaml/nodes.ts';

/** What stands at a path: the entry or item, and its value. */
export interface FoundPlace {
  readonly entry: MapEntry | undefined;
  readonly node: YamlNode | undefined;
  /** Steps that lead there; fewer than were asked for when the rest is not there. */
  readonly path: YamlPath;
}

/** The last place of a path that is there. */
export function nearestPlace(root: YamlNode | undefined, path: YamlPath): FoundPlace {
  let found: FoundPlace = { entry: undefined, node: root, path: [] };
  for (const step of path) {
    const node = resolveAlias(found.node);
    const entry = node?.kind === 'map' && typeof step === 'string' ? findEntry(node, step) : undefined;
    const item = node?.kind === 'sequence' && typeof step === 'number' ? node.items[step] : undefined;
    if (!entry && !item) return found;
    found = { entry, node: entry ? entry.value : item?.value, path: [...found.path, step] };
  }
  return found;
}

/** What to underline: a scalar itself, of anything larger its key, and of an object without a key its first one. */
export function rangeOfPlace({ entry, node }: FoundPlace): TextRange {
  const content = resolveAlias(node);
  if (content?.kind === 'scalar' && node) return node.range;
  if (entry) return entry.key.range;
  const first = content?.kind === 'map' ? content.entries[0]?.key.range : content?.range;
  return first ?? { start: 0, end: 0 };
}

export function mapOf(node: YamlNode | undefined): MapNode | undefined {
  const content = resolveAlias(node);
  return content?.kind === 'map' ? content : undefined;
}

/** The items of a list, with their numbers. */
export function itemsOf(node: YamlNode | undefined): readonly (readonly [number, YamlNode | undefined])[] {
  const content = resolveAlias(node);
  return content?.kind === 'sequence' ? content.items.map(({ value }, index) => [index, value] as const) : [];
}

export function entriesOf(node: YamlNode | undefined): readonly MapEntry[] {
  const map = mapOf(node);
  return map ? effectiveEntries(map) : [];
}
