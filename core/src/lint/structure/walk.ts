import type { Finding } from '#core/lint/finding.ts';
import { checkConstraints } from '#core/lint/structure/constraints.ts';
import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { describeActual, describeExpected } from '#core/lint/structure/describe.ts';
import { keyMisreading } from '#core/lint/structure/keys.ts';
import { reportMisreadKey, reportRepeatedKeys, schemaOfKey } from '#core/lint/structure/objects.ts';
import { reportMissing } from '#core/lint/structure/required.ts';
import { checkScalar } from '#core/lint/structure/scalars.ts';
import { reportNewerKey, reportUnknownKey } from '#core/lint/structure/unknown.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { NESTING_LIMIT } from '#core/yaml/limits.ts';
import {
  effectiveEntries,
  resolveAlias,
  type AliasNode,
  type MapNode,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
} from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

type Content = Exclude<YamlNode, AliasNode>;

/**
 * Checks one value against its schema and goes down. Findings come in the order of the text.
 * A value of the wrong type gets one finding and nothing below it is looked at, as the server does (facts: one T hides its children).
 */
export function checkValue(
  node: YamlNode | undefined,
  schema: SchemaNode,
  holder: Holder,
  context: StructureContext,
  depth = 0,
): void {
  const content = resolveAlias(node);
  if (!content || depth > NESTING_LIMIT) return;
  if (content.kind === 'scalar') {
    if (content.value.type === 'null' || isPlaceholder(content, context)) return;
    if (!checkScalar(content, schema, holder, context)) return;
    checkConstraints(content, schema, holder, context);
    if (schema.raw['x-kubernetes-validations']) context.meetConditions?.(content, schema, holder);
    return;
  }
  if (!acceptsCollection(content, schema)) {
    reportWrongType(content, schema, holder, context);
    return;
  }
  if (content.kind === 'map') checkMap(content, schema, holder, context, depth);
  else checkItems(content, schema, holder, context, depth);
  checkConstraints(content, schema, holder, context);
  if (schema.raw['x-kubernetes-validations']) context.meetConditions?.(content, schema, holder);
}

/** Checks the keys of a map and goes into their values. */
function checkMap(map: MapNode, schema: SchemaNode, holder: Holder, context: StructureContext, depth: number): void {
  reportRepeatedKeys(map, holder, context);
  for (const entry of effectiveEntries(map)) {
    if (context.isTemplated(entry.key.range)) continue;
    const place = { parent: holder.place, step: entry.key.text };
    const child = schemaOfKey(schema, entry.key.text);
    const inner: Holder = { place, entry, anchor: entry.key.range };
    const misread = keyMisreading(entry.key);
    if (misread !== undefined) reportMisreadKey(entry, misread, inner, context);
    else if (child === 'unknown') reportUnknownKey(entry, map, schema, inner, context);
    else if (child !== 'free' && !reportNewerKey(entry, schema, inner, context)) {
      const isStatus = depth === 0 && holder.place === undefined && entry.key.text === 'status';
      checkValue(entry.value, child, inner, isStatus ? decodedOnly(context) : context, depth + 1);
    }
  }
  reportMissing(map, schema, holder, context);
}

/**
 * What a manifest says below `status` is decoded and then thrown away before anything is validated: only the decoder can refuse it
 * (PrepareForCreate of the built-in kinds and of custom resources with a status subresource).
 */
function decodedOnly(context: StructureContext): StructureContext {
  const refused = context.decoder === 'builtIn' ? /^DEC/ : /^DEC0[234]$/;
  return {
    ...context,
    completeness: 'partial',
    meetConditions: undefined,
    report: (finding) => {
      if (refused.test(finding.code)) context.report(finding);
    },
  };
}

function checkItems(
  list: SequenceNode,
  schema: SchemaNode,
  holder: Holder,
  context: StructureContext,
  depth: number,
): void {
  const { items } = schema;
  if (!items) return;
  list.items.forEach((item, index) => {
    const place = { parent: holder.place, step: index };
    const inner: Holder = { place, entry: undefined, anchor: item.range };
    if (isNull(item.value)) reportNullItem(items, inner, context);
    else checkValue(item.value, items, inner, context, depth + 1);
  });
}

/** A null item is an empty item to Go structs, and a type error to a structural schema (kube-apiserver 1.34.4). */
function reportNullItem(schema: SchemaNode, holder: Holder, context: StructureContext): void {
  if (context.decoder === 'builtIn' || schema.raw.nullable || !schema.type) return;
  if (context.completeness === 'partial') return;
  context.report({
    code: 'DEC07',
    severity: 'error',
    message: `This list item is empty, which the server reads as null; it expects ${describeExpected(schema)}.`,
    path: formatPath(toPath(holder.place)),
    range: holder.anchor,
  });
}

function acceptsCollection(content: MapNode | SequenceNode, schema: SchemaNode): boolean {
  const { raw } = schema;
  if (raw['x-kubernetes-int-or-string'] || raw.format === 'quantity') return false;
  const type = raw.type ?? (raw.properties ? 'object' : raw.items ? 'array' : undefined);
  if (type === undefined) return true;
  return type === (content.kind === 'map' ? 'object' : 'array');
}

function reportWrongType(content: Content, schema: SchemaNode, holder: Holder, context: StructureContext): void {
  const finding: Finding = {
    code: 'DEC05',
    severity: 'error',
    message: `Expected ${describeExpected(schema)}, but ${describeActual(content)} stands here. The API server refuses the object.`,
    path: formatPath(toPath(holder.place)),
    range: holder.entry && content.kind !== 'scalar' ? holder.entry.key.range : content.range,
  };
  context.report(finding);
}

function isNull(node: YamlNode | undefined): boolean {
  const content = resolveAlias(node);
  return !content || (content.kind === 'scalar' && content.value.type === 'null' && content.style === 'plain');
}

/** A value that another program fills in before the server sees it: nothing is known about it. */
function isPlaceholder(scalar: ScalarNode, context: StructureContext): boolean {
  return /\$\{|\{\{/.test(scalar.text) || context.isTemplated(scalar.range);
}
