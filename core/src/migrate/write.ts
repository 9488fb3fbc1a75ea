import type { Entry, ListTree, MapTree, Tree } from '#core/migrate/tree.ts';

/** Lines of a manifest, in block style. */
export function writeTree(tree: MapTree, unit: number): readonly string[] {
  return writeMap(tree, '', unit);
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
  if (isEmpty(value)) return [`${indent}${key}: ${value.kind === 'map' ? '{}' : '[]'}${behind}`];
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
  if (isEmpty(value)) return [value.kind === 'map' ? '{}' : '[]'];
  return value.kind === 'map' ? writeMap(value, inner, unit) : writeList(value, inner, unit);
}

function isEmpty(value: Exclude<Tree, { kind: 'leaf' }>): boolean {
  return (value.kind === 'map' ? value.entries : value.items).length === 0;
}
