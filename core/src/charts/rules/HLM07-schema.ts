import type { ChartHit, ChartRule } from '#core/charts/chartRule.ts';
import { findReferenced } from '#core/charts/schema/references.ts';
import { draftOf } from '#core/charts/schema/validate.ts';
import { nearestPlace, rangeOfPlace } from '#core/charts/rules/places.ts';
import { isObject } from '#core/json.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

export const brokenSchema: ChartRule = {
  id: 'HLM07',
  title: 'values.schema.json cannot be used',
  severity: 'error',
  source:
    'ValidateAgainstSingleSchema of helm v3.22.0, with santhosh-tekuri/jsonschema v6: draft 2020-12 unless $schema names another',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Helm checks values before it renders anything. With a schema that it cannot read it installs nothing, whatever the values are.',
  roles: ['schema'],
  check: ({ text, document: { root } }, report) => {
    const broken = describeJson(text);
    if (broken) {
      report(broken);
      return;
    }
    const schema: unknown = JSON.parse(text);
    let left = 5;
    const tell = (path: YamlPath, message: string): void => {
      if (left-- <= 0) return;
      const range = rangeOfPlace(nearestPlace(root, path));
      report({ range, path: formatPath(path), message: `${message} Helm refuses every values with this schema.` });
    };
    checkSchema(schema, [], { root: schema, draft: draftOf(schema) ?? 2020, tell, depth: 0 });
  },
};

function describeJson(text: string): ChartHit | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const at = Math.min(Number(/position (\d+)/.exec(said)?.[1] ?? text.length), text.length);
    const start = Math.max(Math.min(at, text.trimEnd().length - 1), 0);
    const message =
      'This is no valid JSON from here on, so Helm refuses every values of the chart. Look for a comma too many, a missing quote or a comment.';
    return { range: { start, end: Math.min(start + 1, text.length) }, path: '', message };
  }
}

interface SchemaWalk {
  readonly root: unknown;
  readonly draft: number;
  readonly depth: number;
  readonly tell: (path: YamlPath, message: string) => void;
}

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const ONE_SCHEMA = [
  'additionalProperties',
  'additionalItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const LIST_OF_SCHEMAS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAP_OF_SCHEMAS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

function checkSchema(schema: unknown, path: YamlPath, walk: SchemaWalk): void {
  if (walk.depth > 60) return;
  if (!isObject(schema)) {
    const isAllowed = typeof schema === 'boolean' && (walk.draft >= 6 || String(path.at(-1)).startsWith('additional'));
    if (!isAllowed) walk.tell(path, 'A schema must be an object here.');
    return;
  }
  if (walk.draft < 2019 && schema['$ref'] !== undefined) return checkReference(schema['$ref'], path, walk);
  checkWords(schema, path, walk);
  const inner = { ...walk, depth: walk.depth + 1 };
  for (const key of ONE_SCHEMA) if (schema[key] !== undefined) checkSchema(schema[key], [...path, key], inner);
  for (const key of LIST_OF_SCHEMAS) checkList(schema[key], [...path, key], inner);
  for (const key of MAP_OF_SCHEMAS) checkMap(schema[key], [...path, key], inner);
  const { items } = schema;
  if (!Array.isArray(items)) {
    if (items !== undefined) checkSchema(items, [...path, 'items'], inner);
  } else if (walk.draft < 2020) checkList(items, [...path, 'items'], inner);
  else
    walk.tell(
      [...path, 'items'],
      'Since draft 2020-12 items is one schema; a list of them is called prefixItems, or name an older draft in $schema.',
    );
}

function checkList(list: unknown, path: YamlPath, walk: SchemaWalk): void {
  if (list === undefined) return;
  if (!Array.isArray(list)) walk.tell(path, `${String(path.at(-1))} must be a list of schemas.`);
  else for (const [index, schema] of list.entries()) checkSchema(schema, [...path, index], walk);
}

function checkMap(map: unknown, path: YamlPath, walk: SchemaWalk): void {
  if (map === undefined) return;
  if (!isObject(map)) walk.tell(path, `${String(path.at(-1))} must be a map of schemas.`);
  else for (const [name, schema] of Object.entries(map)) checkSchema(schema, [...path, name], walk);
}

function checkWords(schema: Readonly<Record<string, unknown>>, path: YamlPath, walk: SchemaWalk): void {
  const types = [schema['type'] ?? []].flat();
  const unknown = types.find((type) => typeof type !== 'string' || !TYPES.includes(type));
  if (unknown !== undefined)
    walk.tell(
      [...path, 'type'],
      `${quoteText(typeof unknown === 'string' ? unknown : JSON.stringify(unknown))} is no type of JSON Schema: ${listNames(TYPES)}.`,
    );
  const { required } = schema;
  if (required !== undefined && (!Array.isArray(required) || required.some((key) => typeof key !== 'string'))) {
    walk.tell([...path, 'required'], 'required is a list of keys, and stands on the object that has them.');
  }
  if (schema['enum'] !== undefined && !Array.isArray(schema['enum']))
    walk.tell([...path, 'enum'], 'enum must be a list of values.');
  if (schema['$ref'] !== undefined) checkReference(schema['$ref'], path, walk);
}

function checkReference(reference: unknown, path: YamlPath, walk: SchemaWalk): void {
  if (typeof reference !== 'string' || !reference.startsWith('#/') || hasIds(walk.root)) return;
  if (findReferenced(reference, walk.root) !== undefined) return;
  walk.tell([...path, '$ref'], `There is nothing at ${quoteText(reference)} in this schema.`);
}

/** References start from the nearest `$id`; with several of them, where one leads is not followed. */
function hasIds(root: unknown): boolean {
  return (JSON.stringify(root).match(/"\$id":/g)?.length ?? 0) > 1;
}
