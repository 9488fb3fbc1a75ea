import type { Fix } from '#core/lint/finding.ts';
import { lineBreakAfter, lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { MapNode } from '#core/yaml/nodes.ts';

/**
 * Adds a missing key at the end of a block map, with the required children below it and an empty place where only the author knows the value.
 * Preferred only when the value is known (one allowed value), because an invented value would hide the gap.
 */
export function insertEntry(text: string, map: MapNode, name: string, schema: SchemaNode | undefined): readonly Fix[] {
  const first = map.entries[0];
  const last = map.entries.at(-1);
  if (!first || !last || map.flow) return [];
  const column = first.range.start - lineStart(text, first.range.start);
  const lines = skeletonLines(name, schema, 0).map((line) => `${' '.repeat(column)}${line}`);
  const at = lineBreakAfter(text, last.range.end);
  const eol = lineBreakOf(text);
  const isLastLine = at === text.length && !/[\r\n]$/.test(text);
  const body = lines.join(eol);
  return [
    {
      title: `Add ${name}`,
      preferred: onlyValue(schema) !== undefined,
      edits: [{ range: { start: at, end: at }, newText: isLastLine ? `${eol}${body}` : `${body}${eol}` }],
    },
  ];
}

function skeletonLines(name: string, schema: SchemaNode | undefined, depth: number): string[] {
  const value = onlyValue(schema);
  if (value !== undefined) return [`${name}: ${value}`];
  if (depth > 4) return [`${name}:`];
  if (schema?.type === 'array') {
    const inner = requiredLines(schema.items, depth + 1);
    const [head = '', ...rest] = inner;
    return [`${name}:`, `  - ${head}`.trimEnd(), ...rest.map((line) => `    ${line}`)];
  }
  return [`${name}:`, ...requiredLines(schema, depth + 1).map((line) => `  ${line}`)];
}

function requiredLines(schema: SchemaNode | undefined, depth: number): string[] {
  return (schema?.raw.required ?? []).flatMap((child) => skeletonLines(child, schema?.property(child), depth));
}

function onlyValue(schema: SchemaNode | undefined): string | undefined {
  const values = schema?.raw.enum;
  return values?.length === 1 ? String(values[0]) : undefined;
}
