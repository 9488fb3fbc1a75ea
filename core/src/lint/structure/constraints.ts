import { isDurationText } from '#core/kubernetes/duration.ts';
import type { Fix } from '#core/lint/finding.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import { explainCombination } from '#core/lint/structure/combinations.ts';
import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { RawSchema, SchemaNode } from '#core/schema/node.ts';
import { nearestName } from '#core/text/distance.ts';
import { resolveAlias, textAt, type AliasNode, type ScalarNode, type YamlNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

type Content = Exclude<YamlNode, AliasNode>;

interface Violation {
  readonly code: string;
  readonly message: string;
  readonly fixes?: () => readonly Fix[];
}

type ConstraintCheck = (content: Content, schema: SchemaNode, context: StructureContext) => Violation | undefined;

/** Checks in the order the server names them; the first violation of a value is told, the rest follow from it. */
const CHECKS: readonly ConstraintCheck[] = [
  checkEnum,
  checkLength,
  checkCount,
  checkBounds,
  checkPattern,
  checkFormat,
  checkListKeys,
  (content, schema) => {
    const message = explainCombination(content, schema.raw);
    return message === undefined ? undefined : { code: 'VAL07', message };
  },
];

/** Value constraints of a place whose type is right: enum, bounds, lengths, patterns, formats, unique list keys, combinations. */
export function checkConstraints(
  content: Content,
  schema: SchemaNode,
  holder: Holder,
  context: StructureContext,
): void {
  for (const check of CHECKS) {
    const violation = check(content, schema, context);
    if (!violation) continue;
    const range = content.kind === 'scalar' || !holder.entry ? content.range : holder.entry.key.range;
    context.report({ severity: 'error', path: formatPath(toPath(holder.place)), range, ...violation });
    return;
  }
}

/** The empty string passes for an enum of a built-in kind: defaulting replaces it (kube-apiserver 1.34.4). */
function checkEnum(content: Content, schema: SchemaNode, context: StructureContext): Violation | undefined {
  const allowed = schema.raw.enum;
  if (!allowed || content.kind !== 'scalar') return undefined;
  if (allowed.some((value) => isSameScalar(content, value))) return undefined;
  if (context.decoder === 'builtIn' && content.text === '') return undefined;
  const names = allowed.map(String);
  const near = nearestName(content.text, names);
  return {
    code: 'VAL02',
    message: `${quoteText(content.text)} is not a supported value${near === undefined ? '.' : `; did you mean ${near}?`} Supported: ${listNames(names)}.`,
    fixes: () => (near === undefined ? [] : [replaceScalar(content, near, `Change to ${near}`)]),
  };
}

function isSameScalar(node: ScalarNode, value: string | number | boolean | null): boolean {
  if (node.value.type === 'null') return value === null;
  return typeof value === 'string' ? node.value.value === value : Number(node.value.value) === Number(value);
}

function checkLength(content: Content, { raw }: SchemaNode): Violation | undefined {
  if (content.kind !== 'scalar' || content.value.type !== 'string') return undefined;
  const { length } = Array.from(content.value.value);
  if (raw.maxLength !== undefined && length > raw.maxLength) {
    return { code: 'VAL04', message: `At most ${raw.maxLength} characters may stand here; these are ${length}.` };
  }
  if (raw.minLength !== undefined && length < raw.minLength) {
    return {
      code: 'VAL04',
      message:
        raw.minLength === 1
          ? 'This must not be empty.'
          : `At least ${raw.minLength} characters must stand here; these are ${length}.`,
    };
  }
  return undefined;
}

function checkCount(content: Content, { raw }: SchemaNode): Violation | undefined {
  if (content.kind === 'scalar') return undefined;
  const isList = content.kind === 'sequence';
  const count = isList ? content.items.length : content.entries.length;
  const most = isList ? raw.maxItems : raw.maxProperties;
  const least = isList ? raw.minItems : raw.minProperties;
  const things = isList ? 'items' : 'keys';
  if (most !== undefined && count > most) {
    return { code: 'VAL04', message: `At most ${most} ${things} are allowed; these are ${count}.` };
  }
  if (least !== undefined && count < least) {
    return {
      code: 'VAL04',
      message: `At least ${least} ${least === 1 ? things.slice(0, -1) : things} must be given; ${count === 0 ? 'there are none' : `these are ${count}`}.`,
    };
  }
  return undefined;
}

function checkBounds(content: Content, { raw }: SchemaNode): Violation | undefined {
  if (content.kind !== 'scalar' || (content.value.type !== 'integer' && content.value.type !== 'float'))
    return undefined;
  const value = Number(content.value.value);
  const tooLow = raw.minimum !== undefined && (raw.exclusiveMinimum ? value <= raw.minimum : value < raw.minimum);
  const tooHigh = raw.maximum !== undefined && (raw.exclusiveMaximum ? value >= raw.maximum : value > raw.maximum);
  if (tooLow || tooHigh) return { code: 'VAL03', message: `${content.text} is out of range: ${describeBounds(raw)}.` };
  if (raw.multipleOf !== undefined && value % raw.multipleOf !== 0) {
    return { code: 'VAL03', message: `${content.text} must be a multiple of ${raw.multipleOf}.` };
  }
  return undefined;
}

function describeBounds(raw: RawSchema): string {
  const low = raw.minimum === undefined ? '' : `${raw.exclusiveMinimum ? 'above' : 'at least'} ${raw.minimum}`;
  const high = raw.maximum === undefined ? '' : `${raw.exclusiveMaximum ? 'below' : 'at most'} ${raw.maximum}`;
  return `it must be ${[low, high].filter(Boolean).join(' and ')}`;
}

function checkPattern(content: Content, { raw }: SchemaNode): Violation | undefined {
  if (raw.pattern === undefined || content.kind !== 'scalar' || content.value.type !== 'string') return undefined;
  const expression = compilePattern(raw.pattern);
  if (!expression || expression.test(content.value.value)) return undefined;
  return {
    code: 'VAL05',
    message: `${quoteText(content.text)} does not match the pattern ${raw.pattern} that the schema demands.`,
  };
}

const patterns = new Map<string, RegExp | undefined>();

/** Go's regular expressions and ours agree on what CRDs use; where they do not, nothing is said. */
function compilePattern(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) patterns.set(pattern, tryCompile(pattern));
  return patterns.get(pattern);
}

function tryCompile(pattern: string): RegExp | undefined {
  if (/\(\?[^:]|\[\[:|\\[AzpPQEC]/.test(pattern)) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

const FORMATS: Readonly<Record<string, { readonly test: (text: string) => boolean; readonly name: string }>> = {
  'date-time': {
    name: 'a time such as 2026-01-31T09:30:00Z',
    test: (text) => /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[-+]\d{2}:\d{2})$/.test(text),
  },
  duration: { name: 'a duration such as 30s, 5m or 1h30m', test: isDurationText },
  byte: {
    name: 'base64',
    test: (text) =>
      /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replaceAll(/[\r\n]/g, '')),
  },
};

function checkFormat(content: Content, { raw }: SchemaNode): Violation | undefined {
  const format = raw.format === undefined || raw.type !== 'string' ? undefined : FORMATS[raw.format];
  if (!format || content.kind !== 'scalar' || content.value.type !== 'string') return undefined;
  if (format.test(content.value.value)) return undefined;
  return {
    code: 'VAL05',
    message: `${quoteText(content.text)} is not ${format.name}. The API server refuses the object.`,
  };
}

/**
 * Items of a list of type map or set must differ in their keys; an absent key counts as its default, and without one as equal
 * (apiextensions listtype validation, which runs after defaulting).
 */
function checkListKeys(content: Content, schema: SchemaNode, context: StructureContext): Violation | undefined {
  const listType = schema.raw['x-kubernetes-list-type'];
  if (content.kind !== 'sequence' || context.decoder === 'builtIn') return undefined;
  const keys = schema.raw['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Map<string, number>();
  for (const [index, item] of content.items.entries()) {
    const identity =
      listType === 'map'
        ? mapItemKey(item.value, keys, schema.items)
        : listType === 'set'
          ? setItemKey(item.value)
          : undefined;
    if (identity === undefined) continue;
    const earlier = seen.get(identity);
    if (earlier !== undefined) {
      return {
        code: 'VAL06',
        message: `Items ${earlier} and ${index} of this list are the same${keys.length > 0 ? ` in ${listNames(keys, 'and')}` : ''}; each must be unique.`,
      };
    }
    seen.set(identity, index);
  }
  return undefined;
}

function mapItemKey(
  node: YamlNode | undefined,
  keys: readonly string[],
  item: SchemaNode | undefined,
): string | undefined {
  if (resolveAlias(node)?.kind !== 'map') return undefined;
  return JSON.stringify(keys.map((key) => textAt(node, [key]) ?? defaultText(item?.property(key))));
}

function setItemKey(node: YamlNode | undefined): string | undefined {
  const content = resolveAlias(node);
  return content?.kind === 'scalar' ? JSON.stringify([content.value.type, content.text]) : undefined;
}

/** A default as it would be written; null when there is none. */
function defaultText(schema: SchemaNode | undefined): string | null {
  const fallback = schema?.raw.default;
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : null;
}
