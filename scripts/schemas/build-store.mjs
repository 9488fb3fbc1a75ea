// Puts built-in kinds and custom resources into the one store that the extension ships.
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuiltIns } from './builtins.mjs';
import { nameWellKnownTypes } from './wellKnownTypes.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'data-clusters-schemas');
const OUTPUTS = ['kinds.json', 'nodes.jsonl'];

/** Writes kinds.json, nodes.jsonl, descriptions.json and settings into a folder; unchanged inputs come from a cache. */
export async function buildSchemaStore(outDir) {
  mkdirSync(outDir, { recursive: true });
  const cached = path.join(CACHE, inputHash());
  if (!OUTPUTS.every((name) => existsSync(path.join(cached, name)))) writeStore(cached);
  for (const name of OUTPUTS) copyFileSync(path.join(cached, name), path.join(outDir, name));
  writeFileSync(path.join(outDir, 'descriptions.json'), JSON.stringify(readDescriptions()));
  cpSync(path.join(ROOT, 'schemas', 'catalogues'), path.join(outDir, 'settings'), { recursive: true });
}

function writeStore(folder) {
  const custom = new Map(
    readFileSync(path.join(ROOT, 'schemas', 'crds.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, 8), JSON.parse(line.slice(9))]),
  );
  const customKinds = JSON.parse(readFileSync(path.join(ROOT, 'schemas', 'kinds.json'), 'utf8'));
  const builtIn = readBuiltIns();
  nameWellKnownTypes(custom, builtIn.nodes, new Set(customKinds.map(({ root }) => root)));
  addSince(builtIn.nodes);
  for (const kind of customKinds) {
    const root = custom.get(kind.root);
    custom.set(kind.root, { ...root, properties: { ...root.properties, metadata: 'meta/v1.ObjectMeta' } });
  }
  const nodes = [...custom, ...builtIn.nodes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'nodes.jsonl'),
    nodes.map(([id, node]) => `${id} ${JSON.stringify(node)}\n`).join(''),
  );
  writeFileSync(path.join(folder, 'kinds.json'), JSON.stringify([...customKinds, ...builtIn.kinds]));
}

/** Puts to each built-in type since when its newer fields exist. */
function addSince(nodes) {
  const since = JSON.parse(readFileSync(path.join(ROOT, 'schemas', 'since.json'), 'utf8'));
  for (const [id, fields] of Object.entries(since)) nodes.set(id, { ...nodes.get(id), 'x-since': fields });
}

/** All description files in one object. */
export function readDescriptions() {
  const folder = path.join(ROOT, 'schemas', 'descriptions');
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  return Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'))));
}

function inputHash() {
  const hash = createHash('sha256');
  const scripts = readdirSync(path.join(ROOT, 'scripts', 'schemas'))
    .toSorted()
    .map((name) => `scripts/schemas/${name}`);
  for (const file of [
    'schemas/crds.jsonl',
    'schemas/kinds.json',
    'schemas/since.json',
    'node_modules/kubernetes-models/package.json',
    ...scripts,
  ]) {
    hash.update(readFileSync(path.join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
