// npm run bench: measures against peers in one run, prints medians and ratios, and writes docs/benchmarks.md.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { measureAgreement } from './agreement.ts';
import { measureEditor } from './editor.mjs';
import { measureExplorer } from './explorer.ts';
import { measureLint } from './lint.mjs';
import { measureWorkspace } from './workspace.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const DIST = path.join(ROOT, 'dist');
const storeFolder = path.join(DIST, 'schemas');

const editor = await measureEditor({
  storeFolder,
  serverCommand: [process.execPath, path.join(DIST, 'cli.cjs'), 'server', '--stdio'],
});
const workspace = measureWorkspace();
const lint = measureLint({ root: ROOT, storeFolder });
const agreement = await measureAgreement();
const explorer = await measureExplorer();
const page = render();
writeFileSync(path.join(ROOT, 'docs', 'benchmarks.md'), page);
console.log(page);

function render() {
  const peer = JSON.parse(
    readFileSync(path.join(ROOT, 'node_modules', 'yaml-language-server', 'package.json'), 'utf8'),
  ).version;
  return `# Benchmarks

Written by \`npm run bench\`; times in milliseconds, medians unless said otherwise, both servers in the same run on ${cpus().length} shared cores with Node
${process.version}. Machines differ and are noisy: the ratios are what counts.

## Language server against yaml-language-server ${peer}, on the same schema and files

${editor.map(renderEditor).join('\n')}
## Rules, and rules among the objects of a workspace

| what | p50 | p95 | budget |
|---|---|---|---|
${workspace.map(({ what, p50, p95, budget }) => `| ${what} | ${p50.toFixed(2)} | ${p95.toFixed(2)} | ${budget} |`).join('\n')}

## Bundles

| what | figure | budget |
|---|---|---|
| extension.cjs, time to load | ${loadTime('extension.cjs')} ms | 50 ms |
| extension.cjs | ${kib('extension.cjs')} KiB | |
| server.cjs | ${kib('server.cjs')} KiB | |
| schema store, raw | ${kib('schemas/nodes.jsonl')} KiB | |

## \`lint\` with all rules against kubeconform (schema only), one core

${renderLint()}

## Sidebar on a large cluster

An API server in a process of its own; here the directory, the connection, the session and the rows, without the editor that draws them.

${renderExplorer()}

## What a real API server of Kubernetes 1.34 refuses, and who says so beforehand

Every manifest was sent to the server once (\`npm run agreement\`); peers have the same schemas. A tool that finds practices instead of refusals is
measured here by what it was not made for.

${renderAgreement()}
`;
}

function renderEditor({ file, ours, peer }) {
  const row = (name, a, b, budget) =>
    `| ${name} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${(a / b).toFixed(2)} | ${budget} |`;
  return `### ${file}

| what | ours | peer | ratio | budget |
|---|---|---|---|---|
${row('completion p50', ours.completion.p50, peer.completion.p50, '0.5')}
${row('completion p95', ours.completion.p95, peer.completion.p95, '')}
${row('hover p50', ours.hover.p50, peer.hover.p50, '0.5')}
${row('hover p95', ours.hover.p95, peer.hover.p95, '')}
${row('last edit to diagnostics p50', ours.edit.p50, peer.edit.p50, '30 ms of work and 20 ms of delay')}
${row('first diagnostics after opening', ours.firstDiagnostics, peer.firstDiagnostics, '')}
${row('initialize', ours.initialize, peer.initialize, '')}
${row('memory, MiB', ours.memory ?? Number.NaN, peer.memory ?? Number.NaN, '1')}
`;
}

function renderAgreement() {
  const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
  const rows = agreement.map(
    ({ name, cases, refused, found, falseErrors }) =>
      `| ${name} | ${cases} | ${refused} | ${share(found, refused)} | ${falseErrors} |`,
  );
  return [
    '| tool | manifests | refused by the server | of these found | false errors |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function renderExplorer() {
  const { pods, statefulSets, rows, firstTree, eventP50, eventP95, memory, heap, cpuIdle, cpuBusy } = explorer;
  const lines = [
    [
      `first tree: ${pods} pods, ${statefulSets} StatefulSets, ${rows} open rows`,
      `${firstTree.toFixed(0)} ms`,
      '3000 ms',
    ],
    ['event to row, p50', `${eventP50.toFixed(0)} ms`, '150 ms'],
    ['event to row, p95', `${eventP95.toFixed(0)} ms`, ''],
    ['memory above idle', `${memory.toFixed(0)} MiB, ${heap.toFixed(0)} MiB of it heap`, '200 MiB'],
    ['processor, nothing happens', `${cpuIdle.toFixed(1)} % of a core`, ''],
    ['processor, 100 changes a second', `${cpuBusy.toFixed(1)} % of a core`, ''],
  ];
  return ['| what | figure | budget |', '|---|---|---|', ...lines.map((line) => `| ${line.join(' | ')} |`)].join('\n');
}

function renderLint() {
  const { files, documents, ours, peer } = lint;
  const ratio = peer === undefined ? 'not measured: no Go' : `${(ours / peer).toFixed(2)} (budget 3)`;
  return `| files | documents | ours | kubeconform | ratio |
|---|---|---|---|---|
| ${files} | ${documents} | ${ours.toFixed(0)} | ${peer?.toFixed(0) ?? '-'} | ${ratio} |`;
}

function kib(name) {
  return Math.round(statSync(path.join(DIST, name)).size / 1024);
}

/** Median time to load a bundle in a fresh process, with the editor's module replaced by one that has everything and does nothing. */
function loadTime(name) {
  const code = `
    const Module = require('node:module');
    const load = Module._load;
    const anything = new Proxy(class {}, { get: (target, key) => (key === 'prototype' ? target.prototype : anything) });
    // Bundles copy the module they import and keep its prototype, so that is where everything has to be.
    const editor = Object.create(anything);
    Module._load = (id, ...rest) => (id === 'vscode' ? editor : load(id, ...rest));
    const start = performance.now();
    require(${JSON.stringify(path.join(DIST, name))});
    console.log(performance.now() - start);`;
  const times = Array.from({ length: 9 }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} does not load:\n${stderr}`);
    return Number(stdout);
  });
  return times.toSorted((a, b) => a - b)[4]?.toFixed(1);
}
