// npm run bench: measures against peers in one run, prints medians and ratios, and writes docs/benchmarks.md.
//   npm run bench -- explorer bundles    only these sections; the others stay as they are
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { measureAgreement } from './agreement.ts';
import { measureEditor } from './editor.mjs';
import { measureExplorer } from './explorer.ts';
import { measureLint } from './lint.mjs';
import { replaceSections } from './sections.ts';
import { measureWorkspace } from './workspace.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const DIST = path.join(ROOT, 'dist');
const PAGE = path.join(ROOT, 'docs', 'benchmarks.md');
const storeFolder = path.join(DIST, 'schemas');

const peerVersion = JSON.parse(
  readFileSync(path.join(ROOT, 'node_modules', 'yaml-language-server', 'package.json'), 'utf8'),
).version;

/** In the order of the page. */
const sections = [
  {
    name: 'editor',
    title: `Language server against yaml-language-server ${peerVersion}, on the same schema and files`,
    measure: async () => {
      const serverCommand = [process.execPath, path.join(DIST, 'cli.cjs'), 'server', '--stdio'];
      return (await measureEditor({ storeFolder, serverCommand })).map(renderEditor).join('\n').trimEnd();
    },
  },
  {
    name: 'rules',
    title: 'Rules, and rules among the objects of a workspace',
    measure: () => renderWorkspace(measureWorkspace()),
  },
  { name: 'bundles', title: 'Bundles', measure: renderBundles },
  {
    name: 'lint',
    title: '`lint` with all rules against kubeconform (schema only), one core',
    measure: () => renderLint(measureLint({ root: ROOT, storeFolder })),
  },
  {
    name: 'explorer',
    title: 'Sidebar on large clusters',
    measure: async () => renderExplorer(await measureExplorer()),
  },
  {
    name: 'agreement',
    title: 'What a real API server of Kubernetes 1.34 refuses, and who says so beforehand',
    measure: async () => renderAgreement(await measureAgreement()),
  },
  // Measured on the test bed, by the command that stands in it.
  { name: 'restart', title: 'Safe restart of Kafka against `kubectl rollout restart`' },
];

const wanted = process.argv.slice(2);
const measured = sections.filter(({ measure }) => measure !== undefined);
const unknown = wanted.filter((name) => measured.every((section) => section.name !== name));
if (unknown.length > 0) {
  const names = measured.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no section ${unknown.join(', ')}. There are: ${names}.\n`);
  process.exit(1);
}
const chosen = wanted.length === 0 ? measured : measured.filter(({ name }) => wanted.includes(name));
const texts = new Map();
for (const { name, measure } of chosen) texts.set(name, await measure());
const page = replaceSections(readFileSync(PAGE, 'utf8'), renderHead(), sections, texts);
writeFileSync(PAGE, page);
console.log(wanted.length === 0 ? page : [...texts.values()].join('\n\n'));

function renderHead() {
  return `# Benchmarks

Written by \`npm run bench\`; times in milliseconds, medians unless said otherwise, both servers in the same run on ${cpus().length} shared cores with Node
${process.version}. Machines differ and are noisy: the ratios are what counts.`;
}

function renderWorkspace(rows) {
  const lines = rows.map(
    ({ what, p50, p95, budget }) => `| ${what} | ${p50.toFixed(2)} | ${p95.toFixed(2)} | ${budget} |`,
  );
  return ['| what | p50 | p95 | budget |', '|---|---|---|---|', ...lines].join('\n');
}

function renderBundles() {
  const { wall, cpu } = loadTime('extension.cjs');
  return `| what | figure | budget |
|---|---|---|
| extension.cjs, time to load | ${wall} ms | 50 ms |
| of it processor time | ${cpu} ms | |
| extension.cjs | ${kib('extension.cjs')} KiB | |
| languageClient.cjs | ${kib('languageClient.cjs')} KiB | |
| kubernetes.cjs | ${kib('kubernetes.cjs')} KiB | |
| server.cjs | ${kib('server.cjs')} KiB | |
| schema store, raw | ${kib('schemas/nodes.jsonl')} KiB | |`;
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

function renderAgreement(tools) {
  const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
  const rows = tools.map(
    ({ name, cases, refused, found, falseErrors }) =>
      `| ${name} | ${cases} | ${refused} | ${share(found, refused)} | ${falseErrors} |`,
  );
  return `Every manifest was sent to the server once (\`npm run agreement\`); peers have the same schemas. A tool that finds practices instead of refusals is
measured here by what it was not made for.

${[
  '| tool | manifests | refused by the server | of these found | false errors |',
  '|---|---|---|---|---|',
  ...rows,
].join('\n')}`;
}

function renderExplorer(scenes) {
  const head = `| what | ${scenes.map(({ title }) => title).join(' | ')} | budget |`;
  const row = (what, budget, show) =>
    `| ${what} | ${scenes.map(({ figures }) => show(figures)).join(' | ')} | ${budget} |`;
  const ms = (value) => `${value.toFixed(0)} ms`;
  const share = (value) => `${value.toFixed(1)} % of a core`;
  const rows = [
    row('rows that are open', '', ({ rows: count }) => String(count)),
    row('first tree', '3000 ms', ({ firstTree }) => ms(firstTree)),
    row('of it processor time here; of the servers', '', (one) => `${ms(one.firstTreeCpu)}; ${ms(one.serverCpu)}`),
    row('event to row, p50', '150 ms', ({ eventP50 }) => ms(eventP50)),
    row('event to row, p95', '', ({ eventP95 }) => ms(eventP95)),
    row('memory above idle', '200 MiB', ({ memory }) => `${memory.toFixed(0)} MiB`),
    row('of it heap', '', ({ heap }) => `${heap.toFixed(0)} MiB`),
    row('processor, nothing happens', '', ({ cpuIdle }) => share(cpuIdle)),
    row('processor, 100 changes a second', '', ({ cpuBusy }) => share(cpuBusy)),
    row('rows drawn again a second, 100 changes a second', '', ({ redrawn }) => redrawn.toFixed(0)),
  ];
  return `API servers in a process of their own; here the kubeconfig, the connections, the sessions and the rows, without the editor that draws them. 10,000
pods and 1,000 StatefulSets in all; medians of ${scenes[0].runs} runs, each in a process of its own, 100 changes a second.

${[head, `|---|${scenes.map(() => '---|').join('')}---|`, ...rows].join('\n')}`;
}

function renderLint({ files, documents, ours, peer }) {
  const ratio = peer === undefined ? 'not measured: no Go' : `${(ours / peer).toFixed(2)} (budget 3)`;
  return `| files | documents | ours | kubeconform | ratio |
|---|---|---|---|---|
| ${files} | ${documents} | ${ours.toFixed(0)} | ${peer?.toFixed(0) ?? '-'} | ${ratio} |`;
}

function kib(name) {
  return Math.round(statSync(path.join(DIST, name)).size / 1024);
}

/** Median times to load a bundle in a fresh process, with the editor's module replaced by one that has everything and does nothing. */
function loadTime(name) {
  const code = `
    const Module = require('node:module');
    const load = Module._load;
    const anything = new Proxy(class {}, { get: (target, key) => (key === 'prototype' ? target.prototype : anything) });
    // Bundles copy the module they import and keep its prototype, so that is where everything has to be.
    const editor = Object.create(anything);
    Module._load = (id, ...rest) => (id === 'vscode' ? editor : load(id, ...rest));
    const start = performance.now();
    const before = process.cpuUsage();
    require(${JSON.stringify(path.join(DIST, name))});
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ wall: performance.now() - start, cpu: (user + system) / 1000 }));`;
  const times = Array.from({ length: 9 }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} does not load:\n${stderr}`);
    return JSON.parse(stdout);
  });
  const median = (figure) =>
    times
      .map((time) => time[figure])
      .toSorted((a, b) => a - b)[4]
      ?.toFixed(1);
  return { wall: median('wall'), cpu: median('cpu') };
}
