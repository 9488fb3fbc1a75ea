// Schema nodes with equal content are kept once, whatever kind they come from.
import { createHash } from 'node:crypto';

/** Keywords that are facts about structure. Everything else, above all `description`, stays behind. */
const STRUCTURAL_KEYWORDS = [
  'type',
  'format',
  'enum',
  'default',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'nullable',
  'required',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
];

const QUANTITY_PATTERN = /^\^\(\\\+\|-\)\?\(\(\[0-9\]\+\(\\\.\[0-9\]\*\)\?\)\|/;

/** Nodes by id; the id is a hash of the content, so that a change upstream changes only the lines it touches. */
export class NodePool {
  nodes = new Map();

  /** Adds a schema of a CRD and returns what a parent writes for it: an id, or the schema itself when it is a leaf. */
  add(schema) {
    const raw = this.#structural(schema);
    const isLeaf = !raw.properties && !raw.items && typeof raw.additionalProperties !== 'object';
    if (isLeaf && JSON.stringify(raw).length < 80) return raw;
    return this.#intern(raw);
  }

  addRoot(schema) {
    return this.#intern(this.#structural(schema));
  }

  #intern(raw) {
    const text = JSON.stringify(raw);
    const id = createHash('sha256').update(text).digest('base64url').slice(0, 8);
    const known = this.nodes.get(id);
    if (known !== undefined && known !== text) throw new Error(`two schema nodes share the id ${id}`);
    this.nodes.set(id, text);
    return id;
  }

  #structural(schema) {
    const raw = {};
    for (const keyword of STRUCTURAL_KEYWORDS) if (schema[keyword] !== undefined) raw[keyword] = schema[keyword];
    if (schema['x-kubernetes-validations']) {
      raw['x-kubernetes-validations'] = schema['x-kubernetes-validations'].map(
        ({ rule, fieldPath, reason, optionalOldSelf }) => ({
          rule,
          ...(fieldPath ? { fieldPath } : {}),
          ...(reason ? { reason } : {}),
          ...(optionalOldSelf ? { optionalOldSelf } : {}),
        }),
      );
    }
    if (isQuantity(schema)) {
      raw.format = 'quantity';
      raw['x-kubernetes-int-or-string'] = true;
      delete raw.pattern;
      delete raw.type;
      return raw;
    }
    if (schema.properties) {
      raw.properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, child]) => [name, this.add(child)]),
      );
    }
    if (schema.items) raw.items = this.add(schema.items);
    const extra = schema.additionalProperties;
    if (extra !== undefined) raw.additionalProperties = typeof extra === 'object' ? this.add(extra) : extra;
    for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
      if (schema[keyword] && !raw['x-kubernetes-int-or-string']) raw[keyword] = schema[keyword].map(constraint);
    }
    if (schema.not) raw.not = constraint(schema.not);
    return raw;
  }
}

function isQuantity(schema) {
  return schema['x-kubernetes-int-or-string'] === true && QUANTITY_PATTERN.test(schema.pattern ?? '');
}

/** Branches of anyOf and its like constrain values and have no shape of their own; they stay inline. */
function constraint(schema) {
  const raw = {};
  for (const keyword of STRUCTURAL_KEYWORDS) if (schema[keyword] !== undefined) raw[keyword] = schema[keyword];
  if (schema.properties) {
    raw.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, child]) => [name, constraint(child)]),
    );
  }
  if (schema.items) raw.items = constraint(schema.items);
  for (const keyword of ['anyOf', 'oneOf', 'allOf'])
    if (schema[keyword]) raw[keyword] = schema[keyword].map(constraint);
  if (schema.not) raw.not = constraint(schema.not);
  return raw;
}
