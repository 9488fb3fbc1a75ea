// Writes docs/migrate.md from the tables of the migrations. With --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { migrations } from '../core/src/migrate/registry.ts';
import { inProject } from './editor/paths.mjs';

const page = inProject('docs', 'migrate.md');

const HEAD = `# Migrating old manifests

Made by \`node scripts/generate-migrate-page.mjs\` from the tables in \`core/src/migrate\`.

\`data-clusters migrate\` writes the manifests of today from those of operators that have ended and of API versions that are gone:

\`\`\`sh
npx data-clusters migrate kafka.yaml                          # shows a diff, changes nothing
npx data-clusters migrate --to k8ssandra --write cassandra/   # replaces the files
npx data-clusters migrate --out new/ old/                     # writes the changed files into another folder
\`\`\`

In the editor, **Data Clusters: Migrate Old Manifests in This File** shows the same beside the file and applies it.

- What has no equivalent stands above its object: \`# not carried over: spec.image: why\`. What a person has to do: \`# To do: ...\`.
- Comments of the author stay with what moves as it is. Other documents of a file are left alone. A second run changes nothing.
- What v1 can only say in a way that needs a decision about security is left as it is, and the reason is told: a listener that lost its
  authentication would be worse than an old manifest.
- Manifests move, data does not: a new cluster begins empty unless the steps say otherwise.
`;

function render() {
  const sections = new Map();
  for (const { from, kinds, to, makes, isUsual, rows } of migrations) {
    const key = `${from}|${kinds}`;
    const known = sections.get(key) ?? { from, kinds, targets: [], rows };
    known.targets.push(`\`--to ${to}\`${isUsual ? '' : ' (when asked for)'}: ${makes}`);
    sections.set(key, known);
  }
  return [HEAD, ...[...sections.values()].map(renderSection)].join('\n');
}

function renderSection({ from, kinds, targets, rows }) {
  const told = rows.filter(({ to, lost }) => to !== undefined || lost !== undefined);
  const lines = told
    .filter(({ from: path }) => !path.startsWith('metadata.') || path === 'metadata.labels')
    .map((row) => `| \`${row.from}\` | ${row.lost === undefined ? cell(row.to) : `not carried over: ${row.lost}`} |`);
  const table = lines.length === 0 ? [] : ['', '| Old field | Becomes |', '|---|---|', ...lines];
  return [`## ${from}: ${kinds}`, '', ...targets.map((target) => `- ${target}`), ...table, ''].join('\n');
}

/** Paths as code, sentences as they are. */
function cell(text) {
  return /^[\w.[\]/-]+$/.test(text) ? `\`${text}\`` : text;
}

const wanted = render();
const there = (() => {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return '';
  }
})();
if (process.argv.includes('--check')) {
  if (there !== wanted) {
    process.stderr.write('docs/migrate.md is not up to date. Run: node scripts/generate-migrate-page.mjs\n');
    process.exitCode = 1;
  }
} else writeFileSync(page, wanted);
