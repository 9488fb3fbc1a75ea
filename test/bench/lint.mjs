// Compares `data-clusters lint` (all rules) with kubeconform (schema only) over the same 1,000 manifests on one core.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findGoProgram } from './goPrograms.mjs';
import { toJsonSchema } from './jsonSchema.mjs';

const COUNT = 1000;
const RUNS = 5;

/** @returns undefined with a reason printed, when Go is not there to build the peer */
export function measureLint({ root, storeFolder }) {
  const kubeconform = findGoProgram('kubeconform');
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-bench-lint-'));
  try {
    const manifests = path.join(folder, 'manifests');
    const documents = writeManifests(root, manifests);
    const schemas = path.join(folder, 'schemas');
    writeSchemas(storeFolder, schemas);
    const ours = () =>
      run([
        process.execPath,
        path.join(root, 'dist', 'cli.cjs'),
        'lint',
        '--output',
        'json',
        '--fail-on',
        'never',
        manifests,
      ]);
    const peer =
      kubeconform &&
      (() =>
        run([
          kubeconform,
          '-n',
          '1',
          '-strict',
          '-ignore-missing-schemas',
          '-schema-location',
          schemaTemplate(schemas),
          '-output',
          'json',
          manifests,
        ]));
    ours();
    peer?.();
    const pairs = Array.from({ length: RUNS }, () => ({ ours: ours(), peer: peer?.() }));
    return {
      files: COUNT,
      documents,
      ours: median(pairs.map((pair) => pair.ours)),
      peer: peer && median(pairs.map((pair) => pair.peer)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every shape of the fixtures and samples, repeated under other names until there are enough. */
function writeManifests(root, target) {
  mkdirSync(target, { recursive: true });
  const sources = [
    ...yamlFiles(path.join(root, 'test', 'fixtures', 'shapes')),
    ...yamlFiles(path.join(root, 'samples')),
  ].filter((file) => !file.includes('slide'));
  if (sources.length === 0) throw new Error('there are no fixtures to lint');
  let documents = 0;
  for (let i = 0; i < COUNT; i++) {
    const text = readFileSync(sources[i % sources.length], 'utf8').replaceAll(/^( {2}name: [\w.-]+)$/gm, `$1-${i}`);
    documents += text.split(/^---/m).filter((part) => /^kind:/m.test(part)).length;
    writeFileSync(path.join(target, `${i}.yaml`), text);
  }
  return documents;
}

/** One file for every kind, named as kubeconform looks for them. */
export function writeSchemas(storeFolder, target) {
  mkdirSync(target, { recursive: true });
  for (const kind of JSON.parse(readFileSync(path.join(storeFolder, 'kinds.json'), 'utf8'))) {
    const name = [kind.group, kind.version, kind.kind].filter(Boolean).join('/');
    writeFileSync(
      path.join(target, `${kind.group}_${kind.version}_${kind.kind.toLowerCase()}.json`),
      JSON.stringify(toJsonSchema(storeFolder, [name])),
    );
  }
}

/** What kubeconform is told of the folder. */
export function schemaTemplate(folder) {
  return path.join(folder, '{{ .Group }}_{{ .ResourceAPIVersion }}_{{ .ResourceKind }}.json');
}

function* yamlFiles(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && /\.ya?ml$/.test(entry.name)) yield path.join(entry.parentPath, entry.name);
  }
}

/** Wall time of one run in milliseconds, on one core where the system can pin it. */
function run(command) {
  const pinned = process.platform === 'linux' ? ['taskset', '-c', '0', ...command] : command;
  const start = performance.now();
  const { status, error, stderr } = spawnSync(pinned[0], pinned.slice(1), { maxBuffer: 1 << 28 });
  if (error) throw error;
  if (status !== 0 && status !== 1)
    throw new Error(`${command[0]} ended with ${status}: ${String(stderr).slice(0, 500)}`);
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
