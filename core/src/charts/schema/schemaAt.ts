import { isObject, listOf, type JsonObject } from '#core/json.ts';
import { findReferenced } from '#core/charts/schema/references.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

const DEPTH_LIMIT = 12;

/** Every schema that may speak of a place, references followed and combinations taken apart; for help, not for verdicts. */
export function schemasAt(root: unknown, path: YamlPath): readonly JsonObject[] {
  let found = unfold(root, root, 0);
  for (const step of path) found = found.flatMap((schema) => unfoldStep(schema, step, root));
  return found;
}

function unfoldStep(schema: JsonObject, step: string | number, root: unknown): readonly JsonObject[] {
  if (typeof step === 'number') {
    const { items } = schema;
    const inOrder: unknown = listOf(schema['prefixItems'] ?? items)[step];
    return unfold(inOrder ?? (Array.isArray(items) ? schema['additionalItems'] : items), root, 0);
  }
  const { properties, additionalProperties } = schema;
  if (isObject(properties) && Object.hasOwn(properties, step)) return unfold(properties[step], root, 0);
  return unfold(additionalProperties, root, 0);
}

function unfold(schema: unknown, root: unknown, depth: number): readonly JsonObject[] {
  if (!isObject(schema) || depth > DEPTH_LIMIT) return [];
  const reference = schema['$ref'];
  const referenced = typeof reference === 'string' ? findReferenced(reference, root) : undefined;
  const parts = [
    referenced,
    ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => listOf(schema[key])),
    schema['then'],
    schema['else'],
  ];
  return [schema, ...parts.flatMap((part) => unfold(part, root, depth + 1))];
}
