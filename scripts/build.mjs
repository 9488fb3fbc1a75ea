// Bundles the three programs and the schema store into dist.
//   --production   minified, without source maps, with the licences of what is bundled
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { collectNotices } from './buildNotices.mjs';
import { inProject } from './editor/paths.mjs';

const isProduction = process.argv.includes('--production');

/** The extension takes it from a file of its own; it is larger than the rest of it, and not needed before a manifest is open. */
const clientLibrary = { 'vscode-languageclient/node': './languageClient.cjs' };

/** Server and command line are one body of code, which is packed once: the command line is the server's file, begun at another end. */
const commandLine = { '#server/main.ts': './server.cjs' };

/**
 * Output file to entry. What talks to a cluster or a language server and what evaluates conditions are files of their own, loaded on first use:
 * loading a file costs time for all of it, whether it runs or not.
 */
const programs = [
  { output: 'extension', entry: 'client/src/extension.ts', alias: clientLibrary },
  { output: 'languageClient', entry: 'client/src/server/languageClientLibrary.ts' },
  { output: 'server', entry: 'server/src/main.ts' },
  { output: 'cli', entry: 'server/src/cli/main.ts', alias: commandLine, isCommand: true },
  { output: 'conditions', entry: 'core/src/lint/cel/library.ts' },
  { output: 'kubernetes', entry: 'client/src/cluster/kubernetes.ts' },
];

/** Lets sources say import.meta.url, which has no meaning in the CommonJS file that is written. */
const bundleUrl = "const bundleUrl = require('node:url').pathToFileURL(__filename).href;";

async function bundle(program) {
  const result = await build({
    absWorkingDir: inProject(),
    entryPoints: [program.entry],
    outfile: outputOf(program),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', './kubernetes.cjs', ...Object.values({ ...clientLibrary, ...commandLine })],
    // What the extension loads later is required: that is how the editor gives its own module to a file.
    supported: { 'dynamic-import': program.alias !== clientLibrary },
    // The UMD files that some language packages name as "main" hide their requires from the bundler.
    mainFields: ['module', 'main'],
    // The Kafka client reads a file of WebAssembly beside itself; the same package has it as text, which a bundle can carry.
    alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled', ...program.alias },
    define: {
      'import.meta.url': 'bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: `${program.isCommand ? '#!/usr/bin/env node\n' : ''}${bundleUrl}` },
    minify: isProduction,
    keepNames: isProduction,
    sourcemap: isProduction ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  if (program.isCommand) chmodSync(outputOf(program), 0o755);
  return result.metafile;
}

const noticesFile = inProject('dist', 'THIRD-PARTY-NOTICES.txt');

const outputOf = (program) => inProject('dist', `${program.output}.cjs`);

/** Programs whose entry is there; on a build machine a missing one is an error. */
function presentPrograms() {
  const missing = programs.filter(({ entry }) => !existsSync(inProject(entry)));
  for (const { output, entry } of missing) {
    process.stderr.write(`dist/${output}.cjs is not built: ${entry} is missing.\n`);
  }
  if (missing.length > 0 && process.env.CI) process.exitCode = 1;
  return programs.filter(({ entry }) => existsSync(inProject(entry)));
}

async function buildStore() {
  const generator = inProject('scripts', 'schemas', 'build-store.mjs');
  const { buildSchemaStore } = await import(pathToFileURL(generator).href);
  await buildSchemaStore(inProject('dist', 'schemas'));
}

async function main() {
  const started = performance.now();
  mkdirSync(inProject('dist'), { recursive: true });
  rmSync(noticesFile, { force: true });
  const [metafiles] = await Promise.all([Promise.all(presentPrograms().map(bundle)), buildStore()]);
  if (isProduction) writeFileSync(noticesFile, collectNotices(metafiles));
  const milliseconds = Math.round(performance.now() - started);
  process.stdout.write(`Built ${metafiles.flatMap(describeOutputs).join(', ')} in ${milliseconds} ms.\n`);
}

const describeOutputs = (metafile) =>
  Object.entries(metafile.outputs)
    .filter(([file]) => file.endsWith('.cjs'))
    .map(([file, { bytes }]) => `${path.basename(file)} ${Math.round(bytes / 1000)} kB`);

await main().catch((error) => {
  // The bundler has said what is wrong and where; its stack trace adds nothing.
  process.stderr.write(`The build failed: ${error.message}\n`);
  process.exitCode = 1;
});
