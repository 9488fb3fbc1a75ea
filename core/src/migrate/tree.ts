import type { ScalarNode } from '#core/yaml/nodes.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';

/**
 * A manifest that is being rewritten: values with the comments and blank lines around them, so that what moves keeps what its author wrote
 * beside it. Unlike the trees of the parser it is made to be changed.
 */
export type Tree = MapTree | ListTree | LeafTree;

/** Flow style as it stood on one line, and what it said. */
export interface WrittenFlow {
  readonly text: string;
  readonly signature: string;
}

export interface MapTree {
  readonly kind: 'map';
  readonly written?: WrittenFlow;
  readonly entries: Entry[];
}

export interface Entry {
  readonly name: string;
  /** The key as it is written, with its quotes. */
  readonly key: string;
  /** Comments and blank lines above it, without the indentation of the key. */
  above: readonly string[];
  /** Comment on the line of the key. */
  trailing: string;
  value: Tree | undefined;
}

export interface ListTree {
  readonly kind: 'list';
  readonly written?: WrittenFlow;
  readonly items: Item[];
  /** Whether the dashes stand further right than the key above them. */
  readonly isIndented: boolean;
}

export interface Item {
  above: readonly string[];
  trailing: string;
  value: Tree | undefined;
}

/** A scalar, or an empty list or map. */
export interface LeafTree {
  readonly kind: 'leaf';
  /** As it is written; the lines of a block text without their common indentation. */
  readonly lines: readonly string[];
  /** Absent for what is empty. */
  readonly scalar: ScalarNode | undefined;
}

export type TreePath = readonly string[];

/** `spec.kafka.config[log.retention.ms]` as steps; what stands in brackets may have dots. */
export function toSteps(path: string): TreePath {
  return [...path.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)].map(([step, bracketed]) => bracketed ?? step);
}

export function mapOf(values: Readonly<Record<string, Tree | undefined>> = {}): MapTree {
  const entries = Object.entries(values).flatMap(([name, value]) => (value ? [entryOf(name, value)] : []));
  return { kind: 'map', entries };
}

export function listOf(values: readonly Tree[]): ListTree {
  const items = values.map((value): Item => ({ above: [], trailing: '', value }));
  return { kind: 'list', items, isIndented: true };
}

export function entryOf(name: string, value: Tree | undefined): Entry {
  return { name, key: plainOrQuoted(name), above: [], trailing: '', value };
}

/** A text, number or truth value; texts get quotes where YAML would read something else. */
export function leaf(value: string | number | boolean): LeafTree {
  const line = typeof value === 'string' ? plainOrQuoted(value) : String(value);
  return { kind: 'leaf', lines: [line], scalar: undefined };
}

/** A text with quotes where YAML would read something else. */
export function plainOrQuoted(text: string): string {
  const isPlain = /^[\w/.][\w/.:+@%-]*(?: [\w/.(][\w/.:()+@%-]*)*$/.test(text) && !/:(?:\s|$)/.test(text);
  return isPlain && resolveScalar(text, 'plain', undefined).type === 'string' ? text : JSON.stringify(text);
}

/** The content of a scalar. */
export function textOf(tree: Tree | undefined): string | undefined {
  if (tree?.kind !== 'leaf') return undefined;
  const { scalar } = tree;
  if (scalar) return scalar.value.type === 'null' ? undefined : scalar.text;
  const [line = ''] = tree.lines;
  return line.startsWith('"') ? String(JSON.parse(line)) : line;
}

export function numberOf(tree: Tree | undefined): number | undefined {
  const text = textOf(tree);
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function isTrue(tree: Tree | undefined): boolean {
  return /^(?:true|yes|on)$/i.test(textOf(tree) ?? '');
}

export function entryAt(tree: Tree | undefined, path: TreePath): Entry | undefined {
  const [name, ...rest] = path;
  if (tree?.kind !== 'map' || name === undefined) return undefined;
  const entry = tree.entries.findLast((candidate) => candidate.name === name);
  return rest.length === 0 ? entry : entryAt(entry?.value, rest);
}

export function treeAt(tree: Tree | undefined, path: TreePath): Tree | undefined {
  return path.length === 0 ? tree : entryAt(tree, path)?.value;
}

/** Values of a list; none when it is no list. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === 'list' ? tree.items.flatMap(({ value }) => (value ? [value] : [])) : [];
}

export function entriesOf(tree: Tree | undefined): readonly Entry[] {
  return tree?.kind === 'map' ? tree.entries : [];
}

/** Takes an entry out; a map that is empty then stays. */
export function takeAt(tree: Tree | undefined, path: TreePath): Entry | undefined {
  const entry = entryAt(tree, path);
  const holder = treeAt(tree, path.slice(0, -1));
  if (!entry || holder?.kind !== 'map') return undefined;
  holder.entries.splice(holder.entries.indexOf(entry), 1);
  return entry;
}

/** Puts a value at a path, in place of what is there, behind the keys that are there; makes the maps on the way. */
export function putAt(tree: MapTree, path: TreePath, value: Tree | undefined, from?: Entry): void {
  const [name = '', ...rest] = path;
  const there = tree.entries.find((entry) => entry.name === name);
  if (rest.length > 0) {
    const inner = there?.value?.kind === 'map' ? there.value : mapOf();
    if (!there) tree.entries.push(entryOf(name, inner));
    else there.value = inner;
    putAt(inner, rest, value, from);
    return;
  }
  const entry = { ...entryOf(name, value), above: from?.above ?? [], trailing: from?.trailing ?? '' };
  if (there) tree.entries.splice(tree.entries.indexOf(there), 1, entry);
  else tree.entries.push(entry);
}

/** Gives an entry of a map another name, where it stands. */
export function renameAt(tree: Tree | undefined, name: string, to: string): void {
  const entry = entryAt(tree, [name]);
  if (tree?.kind !== 'map' || !entry) return;
  tree.entries.splice(tree.entries.indexOf(entry), 1, { ...entry, name: to, key: plainOrQuoted(to) });
}
