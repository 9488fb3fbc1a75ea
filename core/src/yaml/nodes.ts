import type { TextRange } from '#core/text/range.ts';

/**
 * Our YAML tree. It is the same whether a document parsed cleanly or was recovered from broken text,
 * so no consumer needs to know. All ranges are relative to the text of the document (see documents.ts).
 */
export type YamlNode = MapNode | SequenceNode | ScalarNode | AliasNode;

interface NodeBase {
  /** From the first character of the value to behind its last, without trailing comments or blank lines. */
  readonly range: TextRange;
  readonly anchor?: string;
  /** Explicit tag as written, `!!str`, when there is one. */
  readonly tag?: string;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: ScalarNode;
  /** Absent when nothing stands after the colon: the server reads null. */
  readonly value: YamlNode | undefined;
  /** From the key to the end of the value, or to behind the colon. */
  readonly range: TextRange;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly SequenceItem[];
}

export interface SequenceItem {
  /** Absent for an empty item (`-` alone): the server reads null. */
  readonly value: YamlNode | undefined;
  /** From the dash (or the value, in flow style) to the end of the value. */
  readonly range: TextRange;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** The content as a string: unescaped, unfolded, before any resolution to a number or boolean. */
  readonly text: string;
  /** What the API server's YAML reader makes of it (go-yaml v2 rules). */
  readonly value: ScalarValue;
}

export type ScalarValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' };

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: YamlNode | undefined;
}

/** Keys and indexes from the root of a document to a place in it. */
export type YamlPath = readonly (string | number)[];

/** Follows aliases to the node that holds the content; undefined for a dangling alias. */
export function resolveAlias(node: YamlNode | undefined): Exclude<YamlNode, AliasNode> | undefined {
  let current = node;
  for (let hops = 0; current?.kind === 'alias' && hops < 16; hops++) current = current.target;
  return current?.kind === 'alias' ? undefined : current;
}

/**
 * The entries as the server sees them: own entries first, then those of merge keys (`<<`) that no own entry hides.
 * Of a repeated key all occurrences are listed, in order.
 */
export function effectiveEntries(map: MapNode): readonly MapEntry[] {
  if (!map.entries.some((entry) => isMergeKey(entry.key))) return map.entries;
  return collectEntries(map, 0);
}

/** The entry the server uses for a key: the last one written wins, a merged one only if there is none. */
export function findEntry(map: MapNode, key: string): MapEntry | undefined {
  const entries = effectiveEntries(map);
  const own = entries.findLast((entry) => entry.key.text === key && map.entries.includes(entry));
  return own ?? entries.find((entry) => entry.key.text === key);
}

/** The value at a path, through aliases and merge keys; undefined when there is none. */
export function nodeAt(root: YamlNode | undefined, path: YamlPath): YamlNode | undefined {
  let current = root;
  for (const step of path) {
    const node = resolveAlias(current);
    if (node?.kind === 'map' && typeof step === 'string') current = findEntry(node, step)?.value;
    else if (node?.kind === 'sequence' && typeof step === 'number') current = node.items[step]?.value;
    else return undefined;
  }
  return current;
}

/** Text of the scalar at a path; undefined when there is no scalar or it is null. */
export function textAt(root: YamlNode | undefined, path: YamlPath): string | undefined {
  const node = resolveAlias(nodeAt(root, path));
  return node?.kind === 'scalar' && node.value.type !== 'null' ? node.text : undefined;
}

/** Keys and texts of a map of scalars at a path, such as labels; entries with other values are left out. */
export function textEntriesAt(root: YamlNode | undefined, path: YamlPath): readonly (readonly [string, string])[] {
  const map = resolveAlias(nodeAt(root, path));
  if (map?.kind !== 'map') return [];
  return effectiveEntries(map).flatMap((entry): (readonly [string, string])[] => {
    const value = resolveAlias(entry.value);
    return value?.kind === 'scalar' ? [[entry.key.text, value.text]] : [];
  });
}

export function isMergeKey(key: ScalarNode): boolean {
  return key.text === '<<' && key.style === 'plain';
}

const MERGE_DEPTH_LIMIT = 8;

function collectEntries(map: MapNode, depth: number): MapEntry[] {
  const own = map.entries.filter((entry) => !isMergeKey(entry.key));
  if (depth > MERGE_DEPTH_LIMIT) return own;
  const seen = new Set(own.map((entry) => entry.key.text));
  const result = own;
  for (const merge of map.entries.filter((entry) => isMergeKey(entry.key))) {
    for (const entry of mergedEntries(merge.value, depth)) {
      if (seen.has(entry.key.text)) continue;
      seen.add(entry.key.text);
      result.push(entry);
    }
  }
  return result;
}

function mergedEntries(value: YamlNode | undefined, depth: number): readonly MapEntry[] {
  const node = resolveAlias(value);
  if (node?.kind === 'map') return collectEntries(node, depth + 1);
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item) => mergedEntries(item.value, depth + 1));
}
