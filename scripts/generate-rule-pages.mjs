// Writes a page for every rule, and their list, into docs/rules, from the rules and their fixtures. With --check it only says whether the
// pages are up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { chartRules } from '../core/src/charts/rules/index.ts';
import { ruleTable } from '../core/src/lint/codes.ts';
import { rules } from '../core/src/lint/rules/registry.ts';
import { inProject } from './editor/paths.mjs';

const paged = [...rules, ...chartRules];
const target = inProject('docs', 'rules');
const fixtures = inProject('test', 'fixtures', 'rules');

const severities = { error: 'Error', warning: 'Warning', hint: 'Hint' };

function pages() {
  const list = new Map(paged.map((rule) => [`${rule.id}.md`, renderRule(rule)]));
  return list.set('README.md', renderIndex());
}

function renderRule(rule) {
  const bad = exampleOf(rule.id, 'bad');
  const good = exampleOf(rule.id, 'ok');
  return [
    `# ${rule.id} ${rule.title}`,
    `${severities[rule.severity]}${describeVersions(rule)}.${rule.refusedBy === 'server' && rule.severity === 'error' ? ' The API server refuses it.' : ''}${rule.fixable ? ' There is a quick fix.' : ''}`,
    `## Why\n\n${rule.why.trim()}`,
    ...(bad ? [`## Found in\n\n${bad}`] : []),
    ...(good ? [`## Not found in\n\n${good}`] : []),
    `## Turn it off\n\nFor one place, with the reason: \`# data-clusters-disable-next-line ${rule.id} why\`. For one object: the annotation\n\`data-clusters/ignore: "${rule.id} why"\`. For a project, in \`.data-clusters.yaml\`: \`rules: { ${rule.id}: "off" }\`, or another level.`,
    `## Source\n\n${rule.source}.`,
  ]
    .join('\n\n')
    .concat('\n');
}

function describeVersions({ since, until }) {
  if (since === undefined && until === undefined) return '';
  if (until === undefined) return `, for Kubernetes ${since} and later`;
  return since === undefined ? `, for Kubernetes up to ${until}` : `, for Kubernetes ${since} to ${until}`;
}

/** The first fixture of its sort; marks of the tests become arrows, and of very long lines the middle is left out. */
function exampleOf(id, sort) {
  const folder = path.join(fixtures, id);
  const name = existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .find((file) => file.startsWith(`${sort}-`))
    : undefined;
  if (name === undefined) return undefined;
  const text = readFileSync(path.join(folder, name), 'utf8')
    .replaceAll(/^# kubernetes: .*\n/gm, '')
    .replaceAll(/[ \t]*# !below .*/g, '')
    .replaceAll(/# ! .*$/gm, '# <- here')
    .replaceAll(/^(.{100}).{60,}(.{40})$/gm, '$1 ... $2');
  return `\`\`\`yaml\n${text.trim()}\n\`\`\``;
}

function renderIndex() {
  const rows = ruleTable.map(({ id, title, severity, fixable }) => {
    const link = paged.some((rule) => rule.id === id) ? `[${id}](${id}.md)` : id;
    return `| ${link} | ${title} | ${severity} | ${fixable ? 'yes' : ''} |`;
  });
  return `# Rules\n\nMade by \`node scripts/generate-rule-pages.mjs\`. Severity: *error* is refused or never starts; *warning* loses data or is down at times; *hint* is practice.\n\n| Rule | What is wrong | Severity | Quick fix |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function readPages() {
  if (!existsSync(target)) return new Map();
  return new Map(readdirSync(target).map((name) => [name, readFileSync(path.join(target, name), 'utf8')]));
}

const wanted = pages();
const there = readPages();
const stale = [...new Set([...wanted.keys(), ...there.keys()])].filter((name) => wanted.get(name) !== there.get(name));
if (process.argv.includes('--check')) {
  for (const name of stale) process.stderr.write(`docs/rules/${name} is not up to date.\n`);
  if (stale.length > 0) process.stderr.write('Run: node scripts/generate-rule-pages.mjs\n');
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  mkdirSync(target, { recursive: true });
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(path.join(target, name));
    else writeFileSync(path.join(target, name), text);
  }
  process.stdout.write(`${wanted.size} pages, ${stale.length} changed.\n`);
}
