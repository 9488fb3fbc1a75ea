// The bundled schema of some kinds as one JSON Schema (draft 7), for peers that take nothing else.
import { readFileSync } from 'node:fs';

/** @param wanted list of `apiVersion/kind` */
export function toJsonSchema(storeFolder, wanted) {
  const nodes = new Map(
    readFileSync(`${storeFolder}/nodes.jsonl`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), JSON.parse(line.slice(line.indexOf(' ') + 1))]),
  );
  const kinds = JSON.parse(readFileSync(`${storeFolder}/kinds.json`, 'utf8'));
  const definitions = {};
  const nameOf = (id) => id.replaceAll('/', '.');
  const reference = (ref) => {
    if (typeof ref !== 'string') return convert(ref);
    if (!definitions[nameOf(ref)]) {
      definitions[nameOf(ref)] = {};
      definitions[nameOf(ref)] = convert(nodes.get(ref));
    }
    return { $ref: `#/definitions/${nameOf(ref)}` };
  };
  const roots = wanted.map((name) =>
    kinds.find((kind) => [kind.group, kind.version, kind.kind].filter(Boolean).join('/') === name),
  );
  const branches = roots.map((kind) => reference(kind.root));
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', definitions };
  return branches.length === 1 ? { ...head, ...branches[0] } : { ...head, oneOf: branches };

  function convert(raw) {
    if (raw.format === 'quantity') return { oneOf: [{ type: 'number' }, { type: 'string' }] };
    if (raw['x-kubernetes-int-or-string']) return { oneOf: [{ type: 'integer' }, { type: 'string' }] };
    const schema = {};
    for (const key of [
      'type',
      'enum',
      'default',
      'minimum',
      'maximum',
      'pattern',
      'required',
      'minItems',
      'maxItems',
      'minLength',
      'maxLength',
    ]) {
      if (raw[key] !== undefined) schema[key] = raw[key];
    }
    if (raw.properties)
      schema.properties = Object.fromEntries(Object.entries(raw.properties).map(([key, ref]) => [key, reference(ref)]));
    if (raw.items) schema.items = reference(raw.items);
    if (typeof raw.additionalProperties === 'object' || typeof raw.additionalProperties === 'string')
      schema.additionalProperties = reference(raw.additionalProperties);
    else if (raw.properties && !raw['x-kubernetes-preserve-unknown-fields']) schema.additionalProperties = false;
    return schema;
  }
}
