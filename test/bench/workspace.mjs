// Measures what the workspace costs: all rules on one StatefulSet, and a file of many documents checked again after an edit of one.
// Run: node test/bench/workspace.mjs
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { checkFile } from '#core/lint/check.ts';
import { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { DocumentParser } from '#core/yaml/documents.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const RUNS = 600;
const WARM = 200;
const DOCUMENTS = 200;
const FILES = 5000;

const sample = readFileSync(path.join(ROOT, 'samples', 'cassandra-statefulset.yaml'), 'utf8');
const statefulSet = sample.split(/^---$/m).find((text) => text.includes('kind: StatefulSet')) ?? '';
const engine = { catalog: await bundledCatalog(), settings: defaultLintSettings };

/** Every run has a text of its own, so nothing but the code is warm. */
function measureDocument() {
  return measure((run) => {
    const text = `${statefulSet}\n# ${run}\n`;
    const parser = new DocumentParser();
    const index = new WorkspaceIndex(parser);
    index.edit('file:///w/a.yaml', text);
    parser.parseFile(text);
    const lint = new LintEngine(engine, parser);
    return () => checkFile(text, lint, {}, { uri: 'file:///w/a.yaml', index });
  });
}

/** One document of many changes: in a way that matters to nobody, then in a way that matters to those that refer to it. */
function measureFile(edit) {
  const parser = new DocumentParser();
  const index = new WorkspaceIndex(parser);
  const lint = new LintEngine(engine, parser);
  for (let count = 0; count < FILES; count++) index.update(`file:///w/${count}.yaml`, config(`other-${count}`, 'a: b'));
  const documents = Array.from({ length: DOCUMENTS - 1 }, (_, number) => numbered(number));
  const text = (run) => [config('settings', edit(run)), ...documents].join('---\n');
  const place = { uri: 'file:///w/all.yaml', index };
  const check = (run) => {
    index.edit(place.uri, text(run));
    return checkFile(text(run), lint, {}, place);
  };
  check(-1);
  return measure((run) => () => check(run));
}

function numbered(number) {
  const named = statefulSet.replaceAll(/\bcassandra\b(?=[\s-])/g, `cassandra-${number}`).trimStart();
  return `${named.trimEnd()}\n`;
}

function config(name, data) {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
}

function measure(prepare) {
  const times = Array.from({ length: RUNS }, (_, run) => {
    const act = prepare(run);
    const started = performance.now();
    act();
    return performance.now() - started;
  });
  const warm = times.slice(-WARM).toSorted((a, b) => a - b);
  const at = (share) => warm[Math.floor(warm.length * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Figures for the page of benchmarks. */
export function measureWorkspace() {
  return [
    { what: 'one StatefulSet, parsed: schema, all rules, facts', ...measureDocument(), budget: '2' },
    {
      what: `${DOCUMENTS} documents in one file beside ${FILES} others, a value edited`,
      ...measureFile((run) => `level: v${run}`),
      budget: '30',
    },
    {
      what: 'the same, a key edited that others may ask for',
      ...measureFile((run) => `level-${run}: v`),
      budget: '30',
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { what, p50, p95 } of measureWorkspace()) {
    console.log(`${what}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`);
  }
}
