// Asks a real API server what it says to every case, and writes it down for the tests: test/agreement/verdicts/<minor>.json.
// Wants KUBECONFIG to name a test cluster that has the definitions of the operators: npm run cluster -- up --control-plane-only
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { readIdentity } from '#core/lint/decode/identity.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { cases } from '#test/agreement/cases/index.ts';
import { nameOf } from '#test/agreement/cases/case.ts';
import { baseText, manifestOf } from '#test/agreement/manifest.ts';
import { JudgingServer } from '#test/agreement/server.ts';
import type { Verdict } from '#test/agreement/verdict.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

const kubeconfig = process.env['KUBECONFIG'];
if (kubeconfig === undefined)
  throw new Error('Set KUBECONFIG to a test cluster: npm run cluster -- up --control-plane-only');

const server = JudgingServer.open(kubeconfig);
try {
  if (!(await server.isTestCluster()))
    throw new Error('This cluster is not marked as a test cluster; nothing was asked.');
  const minor = await server.minor();
  const verdicts: Record<string, Verdict> = {};
  for (const subject of cases) {
    verdicts[nameOf(subject)] = await server.judge(await collectionOf(subject.base), manifestOf(subject));
  }
  await mkdir('test/agreement/verdicts', { recursive: true });
  await writeFile(`test/agreement/verdicts/${minor}.json`, `${format(verdicts)}\n`);
  const refused = Object.values(verdicts).filter(({ accepted }) => !accepted).length;
  process.stdout.write(`Kubernetes ${minor}: ${Object.keys(verdicts).length} cases, ${refused} refused.\n`);
} finally {
  server.close();
}

/** Where objects like a base are created. */
async function collectionOf(base: string): Promise<string> {
  const identity = readIdentity(parseDocumentText(baseText(base)).root);
  const schema = identity && (await bundledCatalog()).find(identity);
  if (!schema) throw new Error(`${base} is of no known kind`);
  return `${schema.group === '' ? '/api' : '/apis'}/${identity.apiVersion}/namespaces/default/${schema.plural}`;
}

/** One case a line, so that a changed verdict is one changed line. */
function format(verdicts: Readonly<Record<string, Verdict>>): string {
  const lines = Object.entries(verdicts).map(
    ([name, verdict]) => `  ${JSON.stringify(name)}: ${JSON.stringify(verdict)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
