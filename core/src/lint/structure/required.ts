import type { Fix } from '#core/lint/finding.ts';
import { insertEntry } from '#core/lint/fixes/insertEntry.ts';
import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { describeExpected, listNames } from '#core/lint/structure/describe.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { effectiveEntries, resolveAlias, type MapNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Required fields that are absent or null: one finding for each, on the key that holds the object. */
export function reportMissing(map: MapNode, schema: SchemaNode, holder: Holder, context: StructureContext): void {
  const { required } = schema.raw;
  if (!required || context.completeness === 'partial' || context.isTemplated(map.range)) return;
  const present = presentKeys(map);
  for (const name of required) {
    const field = schema.property(name);
    if (present.has(name) || field?.raw.default !== undefined) continue;
    const fixes = (): readonly Fix[] => insertEntry(context.text, map, name, field);
    context.report({
      code: 'VAL01',
      severity: 'error',
      message: `${name} is required here: ${field ? describeExpected(field) : 'a value'}${allowedValues(field)}. The API server refuses the object without it.`,
      path: formatPath(toPath({ parent: holder.place, step: name })),
      range: holder.entry?.key.range ?? map.entries[0]?.key.range ?? holder.anchor,
      fixes,
    });
  }
}

function presentKeys(map: MapNode): ReadonlySet<string> {
  const present = new Set<string>();
  for (const entry of effectiveEntries(map)) {
    const content = resolveAlias(entry.value);
    if (content && !(content.kind === 'scalar' && content.value.type === 'null')) present.add(entry.key.text);
  }
  return present;
}

function allowedValues(field: SchemaNode | undefined): string {
  const values = field?.raw.enum?.filter((value) => value !== '').map(String) ?? [];
  return values.length > 0 ? `, one of ${listNames(values)}` : '';
}
