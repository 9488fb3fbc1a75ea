// Writes schemas/since.json: the first Kubernetes minor whose API types have a field, from the Go modules k8s.io/api and
// k8s.io/apimachinery of every minor. Wants Go; fetches the modules through `go mod download`.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuiltIns } from './builtins.mjs';

const OLDEST = 24;
const NEWEST = 34;
const OUTPUT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'schemas', 'since.json');

/** Packages whose types are in the store under another name than their folder. */
const MODULES = [
  { module: 'k8s.io/api', prefix: '' },
  { module: 'k8s.io/apimachinery', prefix: 'pkg/apis/' },
];

function fetchModule(module, minor) {
  const output = execFileSync('go', ['mod', 'download', '-json', `${module}@v0.${minor}.0`], { encoding: 'utf8' });
  return JSON.parse(output).Dir;
}

/** Fields by type, as `core/v1.PodSpec` to names in JSON, those of inlined structs included. */
function readTypes(folder) {
  const types = new Map();
  for (const group of readdirSync(folder, { withFileTypes: true })) {
    if (!group.isDirectory()) continue;
    for (const version of readdirSync(path.join(folder, group.name))) {
      if (!/^v\d+(?:(?:alpha|beta)\d+)?$/.test(version)) continue;
      for (const file of readdirSync(path.join(folder, group.name, version))) {
        if (!file.endsWith('types.go') || file.startsWith('zz_')) continue;
        const text = readFileSync(path.join(folder, group.name, version, file), 'utf8');
        for (const [name, struct] of readStructs(text)) types.set(`${group.name}/${version}.${name}`, struct);
      }
    }
  }
  return new Map([...types].map(([name, struct]) => [name, fieldsOf(name, struct, types)]));
}

function fieldsOf(name, { fields, inlined }, types) {
  const base = name.slice(0, name.lastIndexOf('.'));
  return [
    ...fields,
    ...inlined.flatMap((inner) => {
      const struct = types.get(`${base}.${inner}`);
      return struct ? fieldsOf(name, struct, types) : [];
    }),
  ];
}

function* readStructs(text) {
  for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/`[^`]*json:"([^",]+)[^`]*`/g)].map(([, field]) => field);
    const inlined = [...body.matchAll(/^\s*(\w+)\s+`json:",inline"/gm)].map(([, inner]) => inner);
    yield [name, { fields, inlined }];
  }
}

const first = new Map();
const known = new Set();
for (let minor = OLDEST; minor <= NEWEST; minor++) {
  for (const { module, prefix } of MODULES) {
    for (const [type, fields] of readTypes(path.join(fetchModule(module, minor), prefix))) {
      for (const field of fields) {
        const key = `${type} ${field}`;
        if (!first.has(key)) first.set(key, { type, field, minor, isNewType: !known.has(type) });
      }
      known.add(type);
    }
  }
}
// A type that is new is reached through a new field, which says it already; so only fields added to older types are kept.
// The Go packages are named by the first part of the group: `rbac/v1.Role` is `rbac.authorization.k8s.io/v1.Role` in the store.
const stored = new Map([...readBuiltIns().nodes.keys()].map((id) => [id.replace(/^([a-z]+)[a-z0-9.]*\//, '$1/'), id]));
const since = {};
for (const { type, field, minor, isNewType } of [...first.values()].toSorted((a, b) => compare(a, b))) {
  const id = stored.get(type);
  if (id !== undefined && minor > OLDEST && !isNewType) (since[id] ??= {})[field] = `1.${minor}`;
}
writeFileSync(OUTPUT, `${JSON.stringify(since, undefined, 1)}\n`);
process.stdout.write(`${Object.keys(since).length} types with fields newer than 1.${OLDEST}\n`);

function compare(a, b) {
  return `${a.type} ${a.field}` < `${b.type} ${b.field}` ? -1 : 1;
}
