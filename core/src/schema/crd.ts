import { isObject, type JsonObject } from '#core/json.ts';
import type { KindSchema, SchemaOrigin } from '#core/schema/catalog.ts';
import { SchemaNode, type RawSchema, type SchemaRef } from '#core/schema/node.ts';

export interface CrdReading {
  readonly kinds: readonly KindSchema[];
  /** Why a definition, or one version of it, could not be used. */
  readonly problems: readonly string[];
}

export interface CrdSource {
  readonly origin: Exclude<SchemaOrigin, 'bundled'>;
  /** For people: the path of the file, or the name of the cluster. */
  readonly name: string;
}

/** Keywords that hold sub-schemas by name. */

const DEPTH_LIMIT = 60;

/**
 * Reads a CustomResourceDefinition (apiextensions v1 or v1beta1), or a List of them, as plain JSON. Descriptions are kept for hover.
 * Unusable input ends in `problems`.
 */
export function readCrd(value: unknown, source: CrdSource): CrdReading {
  if (!isObject(value)) return { kinds: [], problems: ['a CustomResourceDefinition must be an object'] };
  if (Array.isArray(value['items'])) {
    const readings = value['items'].map((item) => readCrd(item, source));
    return { kinds: readings.flatMap((r) => r.kinds), problems: readings.flatMap((r) => r.problems) };
  }
  if (value['kind'] !== 'CustomResourceDefinition') return { kinds: [], problems: [] };
  const spec = value['spec'];
  const names = isObject(spec) ? spec['names'] : undefined;
  if (!isObject(spec) || !isObject(names)) return { kinds: [], problems: ['spec.names is missing'] };
  const { group } = spec;
  const { kind, plural } = names;
  if (typeof group !== 'string' || typeof kind !== 'string')
    return { kinds: [], problems: ['spec.group or spec.names.kind is missing'] };
  const identity = { group, kind, plural: typeof plural === 'string' ? plural : `${kind.toLowerCase()}s` };
  return readVersions(spec, identity, source);
}

function readVersions(
  spec: JsonObject,
  identity: Pick<KindSchema, 'group' | 'kind' | 'plural'>,
  source: CrdSource,
): CrdReading {
  const listed: readonly unknown[] = Array.isArray(spec['versions']) ? spec['versions'] : [{ name: spec['version'] }];
  const kinds: KindSchema[] = [];
  const problems: string[] = [];
  for (const version of listed) {
    const name = isObject(version) ? version['name'] : undefined;
    if (!isObject(version) || typeof name !== 'string') problems.push(`${identity.kind}: a version has no name`);
    else if (version['served'] !== false) kinds.push(describeVersion(name, version, spec, identity, source));
  }
  return { kinds, problems };
}

function describeVersion(
  version: string,
  definition: JsonObject,
  spec: JsonObject,
  identity: Pick<KindSchema, 'group' | 'kind' | 'plural'>,
  source: CrdSource,
): KindSchema {
  const schema = openApiSchema(definition['schema']) ?? openApiSchema(spec['validation']);
  let root: SchemaNode | undefined;
  return {
    ...identity,
    version,
    scope: spec['scope'] === 'Cluster' ? 'Cluster' : 'Namespaced',
    origin: source.origin,
    sourceName: source.name,
    ...(definition['deprecated'] === true ? { deprecation: deprecationText(definition) } : {}),
    root: () => (root ??= new SchemaNode(makeRoot(schema, `${identity.group}/${version}`, identity.kind))),
  };
}

function deprecationText(definition: JsonObject): string {
  const warning = definition['deprecationWarning'];
  return typeof warning === 'string' ? warning : 'this version is deprecated';
}

function openApiSchema(value: unknown): JsonObject | undefined {
  const schema = isObject(value) ? value['openAPIV3Schema'] : undefined;
  return isObject(schema) ? schema : undefined;
}

/** Adds the type and object metadata that every object has; a definition without a schema takes anything. */
function makeRoot(schema: JsonObject | undefined, apiVersion: string, kind: string): RawSchema {
  const raw = schema ? readSchema(schema, 0) : { 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...raw,
    type: 'object',
    properties: {
      apiVersion: { type: 'string', enum: [apiVersion] },
      kind: { type: 'string', enum: [kind] },
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, 'x-type': 'meta/v1.ObjectMeta' },
      ...Object.fromEntries(
        Object.entries(raw.properties ?? {}).filter(([name]) => !['apiVersion', 'kind', 'metadata'].includes(name)),
      ),
    },
    required: [...new Set(['apiVersion', 'kind', ...(raw.required ?? [])])],
  };
}

/** Copies what is known to be well formed and leaves the rest behind, so that a strange file can do no harm. */
function readSchema(schema: JsonObject, depth: number): RawSchema {
  if (depth > DEPTH_LIMIT) return {};
  const raw: Record<string, unknown> = {};
  for (const [keyword, isValid] of Object.entries(SIMPLE_KEYWORDS)) {
    const value = schema[keyword];
    if (value !== undefined && isValid(value)) raw[keyword] = value;
  }
  const child = (value: unknown): SchemaRef | undefined => (isObject(value) ? readSchema(value, depth + 1) : undefined);
  if (isObject(schema['properties'])) {
    raw['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([name, value]) => [name, child(value) ?? {}]),
    );
  }
  raw['items'] = child(schema['items']);
  const extra = schema['additionalProperties'];
  raw['additionalProperties'] = typeof extra === 'boolean' ? extra : child(extra);
  raw['not'] = child(schema['not']);
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) raw[keyword] = branches.map((branch) => child(branch) ?? {});
  }
  markQuantity(raw);
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
}

/** Generated CRDs spell a quantity as int-or-string with one long pattern. */
function markQuantity(raw: Record<string, unknown>): void {
  const { pattern } = raw;
  if (raw['x-kubernetes-int-or-string'] !== true || typeof pattern !== 'string') return;
  if (!pattern.startsWith('^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|')) return;
  raw['format'] = 'quantity';
  raw['pattern'] = undefined;
  raw['anyOf'] = undefined;
}

const isString = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');

const SIMPLE_KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) =>
    isString(value) && ['object', 'array', 'string', 'integer', 'number', 'boolean'].includes(String(value)),
  format: isString,
  enum: (value) =>
    Array.isArray(value) &&
    value.every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item)),
  default: () => true,
  pattern: isString,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isBoolean,
  exclusiveMaximum: isBoolean,
  multipleOf: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  uniqueItems: isBoolean,
  minProperties: isNumber,
  maxProperties: isNumber,
  nullable: isBoolean,
  required: isTextList,
  description: isString,
  'x-kubernetes-int-or-string': isBoolean,
  'x-kubernetes-preserve-unknown-fields': isBoolean,
  'x-kubernetes-embedded-resource': isBoolean,
  'x-kubernetes-list-type': isString,
  'x-kubernetes-list-map-keys': isTextList,
  'x-kubernetes-map-type': isString,
  'x-kubernetes-validations': (value) => Array.isArray(value) && value.every(isCondition),
};

function isCondition(value: unknown): boolean {
  if (!isObject(value) || !isString(value['rule'])) return false;
  const texts = ['message', 'messageExpression', 'reason', 'fieldPath'].map((name) => value[name]);
  const flag = value['optionalOldSelf'];
  return texts.every((text) => text === undefined || isString(text)) && (flag === undefined || isBoolean(flag));
}
