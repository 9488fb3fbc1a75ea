import type { Entry, ListTree, MapTree, Tree } from '#core/migrate/tree.ts';

/** Lines of a manifest, in block style. */
export function writeTree(tree: MapTree, unit: number): readonly string[] {
  return writeMap(tree, '', unit);
}

/** What a value says, however it is written. */
export function signatureOf(tree: MapTree | ListTree): string {
  return JSON.stringify(tree.kind === 'map' ? writeMap(tree, '', 1) : writeList(tree, '', 1));
}

/** The text a value was read from, when it still says that. */
function unchangedText(tree: MapTree | ListTree): string | undefined {
  return tree.written?.signature === signatureOf(tree) ? tree.written.text : undefined;
}

function writeMap(tree: MapTree, indent: string, unit: number): readonly string[] {
  return tree.entries.flatMap((entry) => [
    ...entry.above.map((line) => (line === '' ? '' : indent + line)),
    ...writeEntry(entry, indent, unit),
  ]);
}

function writeEntry({ key, value, trailing }: Entry, indent: string, unit: number): readonly string[] {
  const behind = trailing === '' ? '' : ` ${trailing}`;
  if (!value) return [`${indent}${key}:${behind}`];
  const inner = indent + ' '.repeat(unit);
  if (value.kind === 'leaf') {
    const [head = '', ...rest] = value.lines;
    return [`${indent}${key}: ${head}${behind}`, ...rest.map((line) => (line === '' ? '' : inner + line))];
  }
  const text = isEmpty(value) ? emptyText(value) : unchangedText(value);
  if (text !== undefined) return [`${indent}${key}: ${text}${behind}`];
  const lines =
    value.kind === 'map' ? writeMap(value, inner, unit) : writeList(value, value.isIndented ? inner : indent, unit);
  return [`${indent}${key}:${behind}`, ...lines];
}

function writeList({ items }: ListTree, indent: string, unit: number): readonly string[] {
  const inner = `${indent}  `;
  return items.flatMap(({ above, value, trailing }) => {
    const [head = '', ...rest] = value ? writeItem(value, inner, unit) : [];
    const behind = trailing === '' ? '' : ` ${trailing}`;
    const comments = above.map((line) => (line === '' ? '' : indent + line));
    return [...comments, `${`${indent}- ${head.trimStart()}`.trimEnd()}${behind}`, ...rest];
  });
}

function writeItem(value: Tree, inner: string, unit: number): readonly string[] {
  if (value.kind === 'leaf') {
    const [head = '', ...rest] = value.lines;
    return [head, ...rest.map((line) => (line === '' ? '' : inner + line))];
  }
  const text = isEmpty(value) ? emptyText(value) : unchangedText(value);
  if (text !== undefined) return [text];
  return value.kind === 'map' ? writeMap(value, inner, unit) : writeList(value, inner, unit);
}

function emptyText({ kind }: MapTree | ListTree): string {
  return kind === 'map' ? '{}' : '[]';
}

function isEmpty(value: MapTree | ListTree): boolean {
  return (value.kind === 'map' ? value.entries : value.items).length === 0;
}
