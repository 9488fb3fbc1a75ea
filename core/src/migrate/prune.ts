import { schemaOfKey } from '#core/lint/structure/objects.ts';
import { lose, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { textOf, treeAt, type Tree } from '#core/migrate/tree.ts';
import { parseApiVersion } from '#core/kubernetes/identity.ts';
import type { SchemaNode } from '#core/schema/node.ts';

/** Why a field went, by its path; `[]` stands for every item of a list. */
export type LossTable = Readonly<Record<string, string>>;

/** Takes out what the new version has no field for, and says so; a kind without a schema is left alone. */
export function pruneUnknown(draft: Draft, job: MigrationJob, reasons: LossTable, fallback: string): void {
  const { tree } = draft;
  const parsed = parseApiVersion(textOf(treeAt(tree, ['apiVersion'])) ?? '');
  const kind = textOf(treeAt(tree, ['kind'])) ?? '';
  const schema = parsed && job.catalog.find({ ...parsed, kind })?.root();
  if (!schema) return;
  const report = (path: string): void => {
    const why = reasons[path.replaceAll(/\[\d+\]/g, '[]')] ?? fallback;
    lose(draft, path, why);
  };
  for (const entry of tree.entries) {
    const child = schemaOfKey(schema, entry.name);
    if (child !== 'free' && child !== 'unknown' && entry.value) prune(entry.value, child, entry.name, report);
  }
}

function prune(tree: Tree, schema: SchemaNode, path: string, report: (path: string) => void): void {
  if (tree.kind === 'list') {
    const { items } = schema;
    for (const [index, { value }] of tree.items.entries())
      if (items && value) prune(value, items, `${path}[${index}]`, report);
    return;
  }
  if (tree.kind !== 'map') return;
  for (const entry of tree.entries.slice()) {
    const inner = `${path}.${entry.name}`;
    const child = schemaOfKey(schema, entry.name);
    if (child === 'unknown') {
      tree.entries.splice(tree.entries.indexOf(entry), 1);
      report(inner);
    } else if (child !== 'free' && entry.value) {
      prune(entry.value, child, inner, report);
      const isEmptied = entry.value.kind === 'map' && entry.value.entries.length === 0;
      if (isEmptied && !schema.isRequired(entry.name)) tree.entries.splice(tree.entries.indexOf(entry), 1);
    }
  }
}
