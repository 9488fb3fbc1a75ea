import { describe, expect, test } from 'vitest';
import { chartRules } from '#core/charts/rules/index.ts';
import { checkFile } from '#core/lint/check.ts';
import { rules } from '#core/lint/rules/registry.ts';
import type { WorkspacePlace } from '#core/lint/workspaceCheck.ts';
import { LineIndex } from '#core/text/lines.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { makeEngine } from '#test/support/lint.ts';
import { fixtureFolders, fixturesOf, type RuleFixture } from '#test/support/ruleFixtures.ts';

/** Fixtures of other rules are about old versions on purpose. */
const OUTDATED = { MIG01: 'off', MIG02: 'off', MIG03: 'off' } as const;

async function check({ id, text, kubernetesVersion }: RuleFixture & { readonly id: string }) {
  const rules = id.startsWith('MIG') ? {} : OUTDATED;
  const engine = await makeEngine(kubernetesVersion === undefined ? { rules } : { rules, kubernetesVersion });
  return checkFile(text, engine, {}, alone(text)).findings;
}

/** A workspace with no other file than the fixture. */
function alone(text: string): WorkspacePlace {
  const index = new WorkspaceIndex();
  index.edit('file:///fixture.yaml', text);
  return { uri: 'file:///fixture.yaml', index };
}

describe.each(rules)('$id $title', (rule) => {
  const fixtures = fixturesOf(rule.id);

  test('has manifests that it finds fault with, and manifests that it leaves alone', () => {
    expect(fixtures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ok', 'bad']));
  });

  test.each(fixtures)('$name', async (fixture) => {
    const findings = await check({ ...fixture, id: rule.id });
    const lines = new LineIndex(fixture.text);
    const found = findings.map(({ code, path, range }) => `${lines.lineOf(range.start) + 1} ${code} ${path}`);
    const messages = findings.map(({ message }) => message).join('\n');
    expect(found.toSorted(), messages).toEqual(fixture.expected.toSorted());
    if (fixture.kind === 'bad') expect(findings.map(({ code }) => code)).toContain(rule.id);
  });

  test('says in whole sentences what is wrong', async () => {
    const own = (await Promise.all(fixtures.map((fixture) => check({ ...fixture, id: rule.id }))))
      .flat()
      .filter(({ code }) => code === rule.id);
    expect(own.length).toBeGreaterThan(0);
    for (const { message } of own) expect(message).toMatch(/^["A-Z`0-9a-z].*[^.]\.$/);
    expect(own.some(({ fixes }) => (fixes?.().length ?? 0) > 0)).toBe(rule.fixable);
  });
});

test('every folder of fixtures belongs to a rule, and no two rules share a code', () => {
  const ids = [...rules, ...chartRules].map(({ id }) => id);
  expect(fixtureFolders().filter((folder) => !ids.includes(folder))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
