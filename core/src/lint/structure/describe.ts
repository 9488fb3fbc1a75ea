import type { SchemaNode } from '#core/schema/node.ts';
import { resolveAlias, type ScalarNode, type YamlNode } from '#core/yaml/nodes.ts';

/** What a place wants, in words: `an integer`, `a quantity`, `a list`. */
export function describeExpected(schema: SchemaNode): string {
  const { raw } = schema;
  if (raw.format === 'quantity') return 'a quantity such as 500m, 2 or 8Gi';
  if (raw['x-kubernetes-int-or-string']) return 'an integer or a string';
  if (raw.type === 'object') return schema.additional && !raw.properties ? 'a map' : 'an object';
  return raw.type === undefined ? 'a value' : TYPE_NAMES[raw.type];
}

const TYPE_NAMES = {
  array: 'a list',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  string: 'a string',
} as const;

/** What stands there, in words: `the boolean true`, `a list`. Long texts are cut. */
export function describeActual(node: YamlNode | undefined): string {
  const content = resolveAlias(node);
  if (!content) return 'nothing';
  if (content.kind === 'map') return 'an object';
  if (content.kind === 'sequence') return 'a list';
  return describeScalar(content);
}

/** A text of the user as it may stand in a message: quoted, on one line, cut at 60 characters. */
export function quoteText(text: string): string {
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 57)}...` : line}"`;
}

function describeScalar(node: ScalarNode): string {
  switch (node.value.type) {
    case 'string':
      return `the string ${quoteText(node.text)}`;
    case 'boolean':
      return `the boolean ${String(node.value.value)}`;
    case 'integer':
      return `the integer ${String(node.value.value)}`;
    case 'float':
      return `the number ${String(node.value.value)}`;
    case 'null':
      return 'null';
  }
}

/** Names for a sentence: `a, b or c`; long lists are cut after eight. */
export function listNames(names: readonly string[], conjunction: 'or' | 'and' = 'or'): string {
  const shown = names.slice(0, 8);
  if (names.length > shown.length) return `${shown.join(', ')} and ${names.length - shown.length} more`;
  const last = shown.at(-1);
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${conjunction} ${last ?? ''}` : (last ?? '');
}
