// Reads upstream CRD files and writes the structural facts of every kind and version into schemas/.
//   node scripts/schemas/generate-crds.mjs FOLDER     write schemas/crds.jsonl and schemas/kinds.json
//   node scripts/schemas/generate-crds.mjs --check    verify that the committed files are whole and carry no text
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { NodePool } from './pool.mjs';
import { CRD_SOURCES, patchCrd } from './sources.mjs';

const SCHEMAS = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'schemas');
const NODES = path.join(SCHEMAS, 'crds.jsonl');
const KINDS = path.join(SCHEMAS, 'kinds.json');

const [argument] = process.argv.slice(2);
if (argument === '--check') check();
else if (argument) generate(argument);
else throw new Error('usage: generate-crds.mjs FOLDER | --check');

function generate(folder) {
  const pool = new NodePool();
  const kinds = new Map();
  for (const source of CRD_SOURCES) {
    for (const file of definitionFiles(source, folder)) {
      for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
        const crd = document.toJS();
        for (const kind of readKinds(crd, source, pool)) {
          const key = `${kind.group}/${kind.version}/${kind.kind}`;
          if (!kinds.has(key)) kinds.set(key, kind);
        }
      }
    }
  }
  const list = [...kinds.values()].toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const kept = reachable(
    pool.nodes,
    list.map((kind) => kind.root),
  );
  const lines = [...kept].toSorted(compare).map((id) => `${id} ${pool.nodes.get(id)}\n`);
  writeFileSync(NODES, lines.join(''));
  writeFileSync(KINDS, `${JSON.stringify(list, null, 2)}\n`);
  console.log(`${list.length} kinds and versions, ${kept.size} nodes, ${Math.round(lines.join('').length / 1024)} KiB`);
}

/** Definitions that a project published stand in a folder of their own; those written by hand are ours. */
/** @param {{ id: string, isOurs?: boolean }} source */
function definitionFiles({ id, isOurs }, folder) {
  if (isOurs) return [path.join(SCHEMAS, 'ended', `${id}.yaml`)];
  const own = path.join(folder, id);
  return readdirSync(own)
    .toSorted()
    .map((file) => path.join(own, file));
}

function readKinds(crd, source, pool) {
  const { group, names, scope = 'Namespaced' } = crd.spec;
  const versions = crd.spec.versions ?? [{ name: crd.spec.version, served: true }];
  return versions.map((version) => {
    const schema = version.schema?.openAPIV3Schema ??
      crd.spec.validation?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    if (schema.properties?.spec) patchCrd(source.id, names.kind, schema);
    return {
      group,
      version: version.name,
      kind: names.kind,
      plural: names.plural,
      scope,
      source: source.id,
      sourceName: source.name,
      documentation: source.documentation,
      ...(source.deprecation ? { deprecation: source.deprecation } : {}),
      root: pool.addRoot(asObject(schema, `${group}/${version.name}`, names.kind)),
    };
  });
}

/** Every object has type and object metadata, whether the CRD repeats them or not. */
function asObject(schema, apiVersion, kind) {
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string', enum: [apiVersion] },
      kind: { type: 'string', enum: [kind] },
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    required: [...new Set(['apiVersion', 'kind', ...(schema.required ?? [])])],
  };
}

function reachable(nodes, roots) {
  const seen = new Set();
  const open = [...roots];
  while (open.length > 0) {
    const id = open.pop();
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...references(JSON.parse(nodes.get(id))));
  }
  return seen;
}

function references(raw) {
  const refs = [...Object.values(raw.properties ?? {}), raw.items, raw.additionalProperties];
  return refs.flatMap((ref) =>
    typeof ref === 'string' ? [ref] : typeof ref === 'object' && ref !== null ? references(ref) : [],
  );
}

function check() {
  const problems = [];
  const nodes = new Map(
    readFileSync(NODES, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, 8), line.slice(9)]),
  );
  for (const [id, text] of nodes) {
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
    if (hash !== id) problems.push(`${id}: the content does not match its id`);
    if (/"(?:description|title|example|externalDocs)":"/.test(text)) problems.push(`${id}: carries upstream text`);
  }
  const kinds = JSON.parse(readFileSync(KINDS, 'utf8'));
  const kept = reachable(
    nodes,
    kinds.map((kind) => kind.root),
  );
  if (kept.size !== nodes.size) problems.push(`${nodes.size - kept.size} nodes belong to no kind`);
  for (const problem of problems.slice(0, 20)) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(`${kinds.length} kinds and versions, ${nodes.size} nodes: whole`);
}

function keyOf(kind) {
  return `${kind.group}/${kind.kind}/${kind.version}`;
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
