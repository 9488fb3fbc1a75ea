import { AbstainError, UNKNOWN, UnknownValue } from '#core/lint/cel/abstain.ts';
import type { IsTemplated } from '#core/lint/cel/conditions.ts';
import { escapeField } from '#core/lint/cel/escape.ts';
import type { JsonValue, RawSchema, SchemaNode } from '#core/schema/node.ts';
import { NESTING_LIMIT } from '#core/yaml/limits.ts';
import {
  findEntry,
  effectiveEntries,
  resolveAlias,
  type MapNode,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
} from '#core/yaml/nodes.ts';

/** What the size of a value says about the cost of conditions over it. */
export interface ValueSize {
  /** Items of the longest list or map. */
  items: number;
  /** Characters of the longest text. */
  text: number;
}

export interface Conversion {
  readonly isTemplated: IsTemplated;
  /** Makes the evaluator's own value of a text; undefined for a text that is none. */
  readonly make: (type: 'timestamp' | 'duration', text: string) => unknown;
  readonly size: ValueSize;
}

type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * A value as conditions see it: by the types of the schema, integers as BigInt, objects and maps as Map, with defaults, without what
 * the schema does not declare. `UNKNOWN` where it cannot be known.
 */
export function toCelValue(
  node: YamlNode | undefined,
  schema: SchemaNode,
  conversion: Conversion,
  isObjectRoot = false,
  depth = 0,
): unknown {
  const content = resolveAlias(node);
  if (!content || depth > NESTING_LIMIT || conversion.isTemplated(content.range)) return UNKNOWN;
  if (content.kind === 'scalar') return fromScalar(content, schema.raw, conversion);
  if (content.kind === 'sequence') return fromSequence(content, schema, conversion, depth);
  return fromMap(content, schema, conversion, isObjectRoot, depth);
}

function fromScalar({ text, value }: ScalarNode, raw: RawSchema, conversion: Conversion): unknown {
  if (value.type === 'null') return null;
  if (/\$\{|\{\{/.test(text)) return UNKNOWN;
  return fromPlain(value.value, raw, conversion);
}

function fromPlain(value: string | number | bigint | boolean, raw: RawSchema, conversion: Conversion): unknown {
  if (raw.format === 'quantity' || raw['x-kubernetes-int-or-string'])
    return typeof value === 'string' ? value : toInteger(value);
  switch (raw.type) {
    case 'string':
      return typeof value === 'string' ? fromText(value, raw, conversion) : UNKNOWN;
    case 'integer':
      return toInteger(value);
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : UNKNOWN;
    case 'boolean':
      return typeof value === 'boolean' ? value : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function toInteger(value: string | number | bigint | boolean): unknown {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : UNKNOWN;
}

/** Four formats have types of their own in conditions. */
function fromText(text: string, { format }: RawSchema, conversion: Conversion): unknown {
  conversion.size.text = Math.max(conversion.size.text, text.length);
  switch (format) {
    case 'date-time':
      return conversion.make('timestamp', text) ?? UNKNOWN;
    case 'date':
      return conversion.make('timestamp', `${text}T00:00:00Z`) ?? UNKNOWN;
    case 'duration':
      return conversion.make('duration', text) ?? UNKNOWN;
    case 'byte':
      return UNKNOWN;
    default:
      return text;
  }
}

function fromSequence(list: SequenceNode, schema: SchemaNode, conversion: Conversion, depth: number): unknown {
  const { items } = schema;
  if (!items) return UNKNOWN;
  return sized(
    list.items.map(({ value }) => toCelValue(value, items, conversion, false, depth + 1)),
    conversion,
  );
}

/** Membership and equality would take an unknown item for a different one, so a list with one is unknown as a whole. */
function sized(list: readonly unknown[], { size }: Conversion): unknown {
  size.items = Math.max(size.items, list.length);
  return list.some((item) => item instanceof UnknownValue) ? UNKNOWN : list;
}

function fromMap(
  map: MapNode,
  schema: SchemaNode,
  conversion: Conversion,
  isObjectRoot: boolean,
  depth: number,
): unknown {
  const { additional } = schema;
  const isObject = isObjectRoot || schema.raw['x-kubernetes-embedded-resource'] === true;
  const result = new Map<string, unknown>();
  if (additional) {
    for (const { key, value } of effectiveEntries(map)) {
      const known = fromField(value, additional, conversion, depth);
      if (known !== undefined) result.set(key.text, known);
    }
  }
  for (const name of schema.propertyNames) {
    const child = schema.property(name);
    const field = escapeField(name);
    if (!child || field === undefined || (isObject && name === 'metadata')) continue;
    const known = fromField(findEntry(map, name)?.value, child, conversion, depth);
    if (known !== undefined) result.set(field, known);
  }
  if (isObject) addIdentity(map, result, conversion);
  return guarded(result, conversion);
}

/** A field that is absent or null: its default, null where the schema lets it be, or nothing at all. */
function fromField(node: YamlNode | undefined, schema: SchemaNode, conversion: Conversion, depth: number): unknown {
  const content = resolveAlias(node);
  if (content && !(content.kind === 'scalar' && content.value.type === 'null'))
    return toCelValue(node, schema, conversion, false, depth + 1);
  if (content && schema.raw.nullable) return null;
  const fallback = schema.raw.default;
  return fallback === undefined ? undefined : fromJson(fallback, schema, conversion);
}

/** Of the metadata of an object, conditions see its name only; one that is generated is not known yet. */
function addIdentity(map: MapNode, result: Map<string, unknown>, conversion: Conversion): void {
  for (const name of ['apiVersion', 'kind']) {
    result.set(name, fromIdentity(findEntry(map, name)?.value, conversion));
  }
  const metadata = resolveAlias(findEntry(map, 'metadata')?.value);
  if (metadata?.kind !== 'map') return;
  const seen = new Map<string, unknown>([['name', fromIdentity(findEntry(metadata, 'name')?.value, conversion)]]);
  const generated = findEntry(metadata, 'generateName');
  if (generated) seen.set('generateName', fromIdentity(generated.value, conversion));
  result.set('metadata', guarded(seen, conversion));
}

function fromIdentity(node: YamlNode | undefined, conversion: Conversion): unknown {
  const content = resolveAlias(node);
  if (content?.kind !== 'scalar' || conversion.isTemplated(content.range)) return UNKNOWN;
  return content.value.type === 'string' ? fromScalar(content, { type: 'string' }, conversion) : UNKNOWN;
}

function fromJson(value: JsonValue, schema: SchemaNode, conversion: Conversion): unknown {
  if (value === null) return null;
  if (typeof value !== 'object') return fromPlain(value, schema.raw, conversion);
  if (isList(value)) {
    const { items } = schema;
    return items
      ? sized(
          value.map((item) => fromJson(item, items, conversion)),
          conversion,
        )
      : UNKNOWN;
  }
  return fromJsonObject(value, schema, conversion);
}

function fromJsonObject(object: JsonObject, schema: SchemaNode, conversion: Conversion): unknown {
  const result = new Map<string, unknown>();
  const { additional } = schema;
  if (additional) {
    for (const [key, value] of Object.entries(object)) result.set(key, fromJson(value, additional, conversion));
  }
  for (const name of schema.propertyNames) {
    const child = schema.property(name);
    const field = escapeField(name);
    const value = Object.hasOwn(object, name) ? object[name] : child?.raw.default;
    if (child && field !== undefined && value !== undefined) result.set(field, fromJson(value, child, conversion));
  }
  return guarded(result, conversion);
}

/** Two objects are not compared when a part of one is unknown; reading their other fields goes on. */
function guarded(map: Map<string, unknown>, { size }: Conversion): Map<string, unknown> {
  size.items = Math.max(size.items, map.size);
  if (![...map.values()].some((value) => value instanceof UnknownValue)) return map;
  const refuse = (): never => {
    throw new AbstainError('a part of the object is not known');
  };
  return Object.defineProperties(map, { has: { value: refuse }, [Symbol.iterator]: { value: refuse } });
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
