import type { LoadConditions } from '#core/lint/cel/conditions.ts';
import { describeExpected } from '#core/lint/structure/describe.ts';
import { describeCondition } from '#core/schema/conditionTexts.ts';
import type { CelRule, JsonValue, SchemaNode } from '#core/schema/node.ts';

/** The type of a field in few words: `list of objects`, `integer`, `quantity`. */
export function describeType(schema: SchemaNode): string {
  const { raw } = schema;
  if (raw.format === 'quantity') return 'quantity';
  if (raw['x-kubernetes-int-or-string']) return 'integer or string';
  if (raw.type === 'array') return schema.items ? `list of ${plural(describeType(schema.items))}` : 'list';
  if (raw.type === 'object' && schema.additional && !raw.properties) {
    return `map of ${plural(describeType(schema.additional))}`;
  }
  if (raw.type === 'object' && !raw.properties) return 'object with free keys';
  if (raw.type === 'string' && raw.format === 'date-time') return 'timestamp';
  return raw.type ?? describeExpected(schema).replace(/^an? /, '');
}

function plural(type: string): string {
  if (type.includes(' ')) return type.replace(/^(\w+)/, (word) => `${word}s`);
  return type.endsWith('y') ? `${type.slice(0, -1)}ies` : `${type}s`;
}

/**
 * What a value must fulfil, one statement each, in Markdown.
 *
 * @param loadConditions tells which conditions of the schema are checked while one types; without it none is
 */
export function describeLimits(schema: SchemaNode, loadConditions?: LoadConditions): readonly string[] {
  const { raw } = schema;
  const limits: string[] = [];
  const allowed = raw.enum?.filter((value) => value !== '' && value !== null) ?? [];
  if (allowed.length > 0) limits.push(`Allowed: ${allowed.map((value) => code(String(value))).join(', ')}`);
  if (raw.default !== undefined) limits.push(`Default: ${code(formatJson(raw.default))}`);
  const range = describeRange(raw.minimum, raw.maximum, raw.exclusiveMinimum, raw.exclusiveMaximum);
  if (range !== undefined) limits.push(`Value: ${range}`);
  const length = describeRange(raw.minLength, raw.maxLength);
  if (length !== undefined) limits.push(`Length: ${length}`);
  const items = describeRange(raw.minItems, raw.maxItems);
  if (items !== undefined) limits.push(`Items: ${items}`);
  if (raw.pattern !== undefined && raw.format !== 'quantity') limits.push(`Pattern: ${code(raw.pattern)}`);
  const keys = raw['x-kubernetes-list-map-keys'];
  if (keys) limits.push(`Unique by ${keys.map(code).join(' and ')}`);
  else if (raw['x-kubernetes-list-type'] === 'set') limits.push('Every item once');
  if (raw.required && raw.required.length > 0) limits.push(`Needs: ${raw.required.map(code).join(', ')}`);
  for (const rule of raw['x-kubernetes-validations'] ?? []) limits.push(...describeRule(rule, schema, loadConditions));
  return limits;
}

/** Conditions about changes are told in other words (immutability), or cannot be seen in one manifest. */
function describeRule(rule: CelRule, schema: SchemaNode, loadConditions?: LoadConditions): readonly string[] {
  const isAboutChange = /\boldSelf\b/.test(rule.rule);
  const text = describeCondition(rule) ?? (isAboutChange ? undefined : code(rule.rule));
  if (text === undefined) return [];
  const obstacle = isAboutChange ? undefined : loadConditions?.().explainUnchecked(rule, schema);
  return [`Rule: ${text}${obstacle === undefined ? '' : ` (not checked here: ${code(obstacle)})`}`];
}

function describeRange(
  low: number | undefined,
  high: number | undefined,
  isOpenBelow = false,
  isOpenAbove = false,
): string | undefined {
  const from = low === undefined ? undefined : `${isOpenBelow ? 'more than ' : ''}${low}`;
  const to = high === undefined ? undefined : `${isOpenAbove ? 'less than ' : ''}${high}`;
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  if (from !== undefined) return isOpenBelow ? from : `at least ${from}`;
  if (to !== undefined) return isOpenAbove ? to : `at most ${to}`;
  return undefined;
}

function formatJson(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A Markdown code span, whatever backquotes the text has. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/[\r\n]+/g, ' ')}${pad}${fence}`;
}
