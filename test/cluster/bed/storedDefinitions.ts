import { readFile } from 'node:fs/promises';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { asArray, asObject, asText, parseJson, parseJsonObject, type Json, type JsonObject } from './json.ts';

/** Kinds and versions, and the structure they share. */
export const storeFiles = ['kinds.json', 'crds.jsonl'].map((name) => inProject('schemas', name));

type Pool = ReadonlyMap<string, JsonObject>;

/**
 * Definitions made from the product's own schema store, for machines without the published files. They have the structure
 * of every kind, but neither descriptions nor rules in CEL.
 */
export async function definitionsFromStore(): Promise<JsonObject[]> {
  const pool = readPool(await readFile(inProject('schemas', 'crds.jsonl'), 'utf8'));
  const kinds = asArray(parseJson(await readFile(inProject('schemas', 'kinds.json'), 'utf8'))).map(asObject);
  // What only a server before 1.22 could have been told of is not served by anybody.
  const living = kinds.filter((kind) => kind['deprecation'] === undefined);
  const names = new Set(living.map(nameOf));
  return [...names].map((name) =>
    definitionOf(
      living.filter((kind) => nameOf(kind) === name),
      pool,
    ),
  );
}

function readPool(text: string): Pool {
  const lines = text.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), parseJsonObject(line.slice(line.indexOf(' ')))]),
  );
}

const nameOf = (kind: JsonObject): string => `${asText(kind['plural'])}.${asText(kind['group'])}`;

/** Groups that end in k8s.io are refused without it. */
const approval = { 'api-approved.kubernetes.io': 'unapproved, made for a test' };

function definitionOf(versions: readonly JsonObject[], pool: Pool): JsonObject {
  const [first = {}] = versions;
  const kind = asText(first['kind']);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: nameOf(first), annotations: approval },
    spec: {
      group: asText(first['group']),
      scope: asText(first['scope']),
      names: { kind, listKind: `${kind}List`, plural: asText(first['plural']), singular: kind.toLowerCase() },
      versions: versions.map((version, index) => ({
        name: asText(version['version']),
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: rootSchema(expand(asText(version['root']), pool)) },
        subresources: { status: {} },
      })),
    },
  };
}

/** What every object has, a definition may not describe. */
function rootSchema(schema: JsonObject): JsonObject {
  const { required, ...rest } = schema;
  const own = asArray(required).filter((name) => name !== 'apiVersion' && name !== 'kind');
  const properties = {
    ...asObject(schema['properties']),
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
  };
  return { ...rest, properties, ...(own.length === 0 ? {} : { required: own }) };
}

/** Puts the content of a node in the place of its name, all the way down. */
function expand(node: Json, pool: Pool): JsonObject {
  const { properties, items, additionalProperties, ...facts } =
    typeof node === 'string' ? (pool.get(node) ?? {}) : asObject(node);
  return {
    ...facts,
    ...(properties === undefined ? {} : { properties: expandAll(asObject(properties), pool) }),
    ...(items === undefined ? {} : { items: expand(items, pool) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: expandOrKeep(additionalProperties, pool) }),
  };
}

const expandAll = (properties: JsonObject, pool: Pool): JsonObject =>
  Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, expand(child, pool)]));

const expandOrKeep = (node: Json, pool: Pool): Json => (typeof node === 'boolean' ? node : expand(node, pool));
