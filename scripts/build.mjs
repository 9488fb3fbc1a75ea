// Builds what users run: dist/extension.cjs, dist/server.cjs, dist/cli.cjs and the schema store.
//   node scripts/build.mjs [--production]
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildSchemaStore } from './schemas/build-store.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const production = process.argv.includes('--production');

const ENTRIES = [
  { name: 'extension', entry: 'client/src/extension.ts', external: ['vscode'] },
  { name: 'server', entry: 'server/src/main.ts' },
  { name: 'cli', entry: 'server/src/cli/main.ts', banner: '#!/usr/bin/env node' },
];

const start = performance.now();
rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
mkdirSync(path.join(ROOT, 'dist'));
await Promise.all(ENTRIES.map(bundle));
await buildSchemaStore(path.join(ROOT, 'dist', 'schemas'));
console.log(`built in ${Math.round(performance.now() - start)} ms`);

async function bundle({ name, entry, external = [], banner }) {
  if (!existsSync(path.join(ROOT, entry))) throw new Error(`${entry} is missing`);
  const outfile = path.join(ROOT, 'dist', `${name}.cjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external,
    minify: production,
    sourcemap: production ? false : 'linked',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    ...(banner ? { banner: { js: banner } } : {}),
  });
  if (banner) chmodSync(outfile, 0o755);
}
