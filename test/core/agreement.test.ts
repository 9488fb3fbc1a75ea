import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nameOf } from '#test/agreement/cases/case.ts';
import { cases } from '#test/agreement/cases/index.ts';
import { compare, formatScore, scoreOf, type Comparison } from '#test/agreement/compare.ts';
import { differences } from '#test/agreement/differences.ts';
import { manifestOf } from '#test/agreement/manifest.ts';
import { neutralChanges, neutralText } from '#test/agreement/neutral.ts';
import { readRecord } from '#test/agreement/verdict.ts';
import { findingsOf, makeEngine } from '#test/support/lint.ts';

const FOLDER = 'test/agreement/verdicts';
const versions = readdirSync(FOLDER).map((name) => name.replace('.json', ''));

const compared = new Map<string, Promise<readonly Comparison[]>>();

/** Every case is checked once for a version, whoever asks. */
function compareAll(version: string): Promise<readonly Comparison[]> {
  const known = compared.get(version) ?? compareAnew(version);
  compared.set(version, known);
  return known;
}

async function compareAnew(version: string): Promise<readonly Comparison[]> {
  const verdicts = readRecord(readFileSync(`${FOLDER}/${version}.json`, 'utf8'));
  const engine = await makeEngine({ kubernetesVersion: version });
  return cases.map((subject) => {
    const verdict = verdicts.get(nameOf(subject));
    if (!verdict) throw new Error(`${nameOf(subject)} was not recorded for ${version}: npm run agreement`);
    return compare(subject, verdict, engine);
  });
}

describe.each(versions)('a real API server of Kubernetes %s', (version) => {
  test('says what we say, but for the differences that are listed', async () => {
    const comparisons = await compareAll(version);
    const ids = [...new Set(comparisons.map(({ case: { id } }) => id))];
    const scores = ids.map((id) =>
      scoreOf(
        id,
        comparisons.filter((one) => one.case.id === id),
      ),
    );
    console.log(
      [
        '| id | cases | refused | recall | at its field | false errors |',
        ...[...scores, scoreOf('all', comparisons)].map(formatScore),
      ].join('\n'),
    );
    const wrong = comparisons.filter(({ agrees }) => !agrees).map(describeComparison);
    expect(wrong.filter((line) => !isListed(line, version))).toEqual([]);
  });

  test('names the field we name in nine of ten cases', async () => {
    const found = (await compareAll(version)).filter(({ server, agrees }) => agrees && !server.accepted);
    const elsewhere = found.filter(({ hasServersPath }) => !hasServersPath);
    console.log(
      elsewhere
        .map((one) => `${describeComparison(one)} ${one.findings.map(({ path }) => path).join(', ')}`)
        .join('\n'),
    );
    expect(elsewhere.length / found.length).toBeLessThan(0.1);
  });
});

describe('the same object written differently', () => {
  const bases = [...new Set(cases.map(({ base }) => base))];
  test.each(Object.keys(neutralChanges))('%s', async (change) => {
    for (const base of bases) expect(await findingsOf(neutralText(base, change)), base).toEqual([]);
  });
});

test('every difference that is listed is one', async () => {
  const wrong = (await Promise.all(versions.map(compareAll))).flat().filter(({ agrees }) => !agrees);
  const names = new Set(wrong.map(({ case: subject }) => nameOf(subject)));
  expect(differences.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

test('no two cases are the same', () => {
  expect(new Set(cases.map(nameOf)).size).toBe(cases.length);
  expect(new Set(cases.map((one) => `${one.id}${manifestOf(one)}`)).size).toBe(cases.length);
});

function describeComparison({ case: subject, server, findings }: Comparison): string {
  const said = server.accepted ? 'accepted' : server.causes.map(({ reason, field }) => `${reason} ${field}`).join(', ');
  return `${nameOf(subject)} | server: ${said} | ours: ${findings.map(({ code, path }) => `${code} ${path}`).join(', ') || 'nothing'}`;
}

function isListed(line: string, version: string): boolean {
  return differences.some(
    ({ name, versions: only }) => line.startsWith(`${name} |`) && (only?.includes(version) ?? true),
  );
}
