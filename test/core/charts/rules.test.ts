import { describe, expect, test } from 'vitest';
import { chartRules } from '#core/charts/rules/index.ts';
import { checkFile } from '#core/lint/check.ts';
import type { PlacedFinding } from '#core/lint/engine.ts';
import { LineIndex } from '#core/text/lines.ts';
import { placeInChart, readBundle } from '#test/support/charts.ts';
import { makeEngine } from '#test/support/lint.ts';
import { fixturesOf } from '#test/support/ruleFixtures.ts';

interface FoundInBundle {
  readonly line: string;
  readonly finding: PlacedFinding;
}

async function checkBundle(bundle: string): Promise<readonly FoundInBundle[]> {
  const engine = await makeEngine();
  const files = readBundle(bundle);
  return files.flatMap(({ path, text, line }) => {
    const lines = new LineIndex(text);
    const { findings } = checkFile(text, engine, { path: `/work/${path}`, chart: placeInChart(path, files) });
    return findings.map((finding) => ({
      line: `${line + lines.lineOf(finding.range.start) + 1} ${finding.code} ${finding.path}`.trimEnd(),
      finding,
    }));
  });
}

describe.each(chartRules)('$id $title', (rule) => {
  const fixtures = fixturesOf(rule.id);

  test('has charts that it finds fault with, and charts that it leaves alone', () => {
    expect(fixtures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ok', 'bad']));
  });

  test.each(fixtures)('$name', async ({ text, expected, kind }) => {
    const found = await checkBundle(text);
    const messages = found.map(({ finding }) => finding.message).join('\n');
    expect(found.map(({ line }) => line).toSorted(), messages).toEqual(expected.toSorted());
    if (kind === 'bad') expect(found.map(({ finding }) => finding.code)).toContain(rule.id);
  });

  test('says in whole sentences what is wrong', async () => {
    const all = (await Promise.all(fixtures.map(({ text }) => checkBundle(text)))).flat();
    const own = all.map(({ finding }) => finding).filter(({ code }) => code === rule.id);
    for (const { message } of own) expect(message).toMatch(/^["A-Z`0-9a-z].*[^.][.?]$/);
    expect(own.some(({ fixes }) => (fixes?.().length ?? 0) > 0)).toBe(rule.fixable);
  });
});

test('what Helm does not load is an error also where helm lint would refuse the field as such', async () => {
  const [found] = await checkBundle('# file: a/Chart.yaml\napiVersion: v1\nname: a\nversion: 1.0.0\ntype: Library\n');
  expect(found?.finding).toMatchObject({ code: 'HLM03', severity: 'error' });
  expect(found?.finding.message).toContain('is not a supported value');
});
