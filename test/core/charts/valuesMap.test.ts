import { expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { placeInChart } from '#test/support/charts.ts';
import { makeEngine } from '#test/support/lint.ts';

async function codesOf(text: string, name = 'values.yaml'): Promise<readonly string[]> {
  const path = `orders/${name}`;
  const files = [
    { path: 'orders/Chart.yaml', text: 'apiVersion: v2\nname: orders\nversion: 1.0.0\n' },
    { path, text },
  ];
  const place = { path: `/work/${path}`, chart: placeInChart(path, files) };
  const { findings } = checkFile(text, await makeEngine(), place);
  return findings.map(({ code, range, message }) => `${code} ${text.slice(range.start, range.end)}: ${message}`);
}

// What helm 3.22.0 template, and template -f, refuse.
test.each([
  ['- a\n- b\n', 'a list'],
  ['[]\n', 'a list'],
  ['# c\n---\n- a\n', 'a list'],
  // Helm reads the first document alone.
  ['- b\n---\na: 2\n', 'a list'],
  ['hello\n', 'the string "hello"'],
  // Of the charts that Helm tests itself with.
  ['name= "value"\n', 'the string "name= "value""'],
  ['--- hello\n', 'the string "hello"'],
  ['""\n', 'the string ""'],
  ['2026-01-01\n', 'the string "2026-01-01"'],
  ['5\n', 'the integer 5'],
  ['true\n', 'the boolean true'],
])('values of the form %j are refused', async (text, what) => {
  const own = await codesOf(text);
  expect(own).toHaveLength(1);
  expect(own[0]).toMatch(/^HLM10 [^\n]+: Values are a map; /);
  expect(own[0]).toContain(`this is ${what}. Helm does not load the chart.`);
  const [more] = await codesOf(text, 'values-prod.yaml');
  expect(more).toContain(`this is ${what}. Helm refuses this file when it is given with -f.`);
});

// What it takes, as if nothing were said where there is no map.
test.each([
  '',
  '# c\n',
  '---\n',
  '---\n# c\n',
  '--- # c\n',
  'null\n',
  '~\n',
  '{}\n',
  'a: 1\n',
  '1: a\n',
  'a: 1\n---\n- b\n',
  '---\n---\n- b\n',
  '---\nnull\n---\n- b\n',
])('values of the form %j are taken', async (text) => {
  expect(await codesOf(text)).toEqual([]);
  expect(await codesOf(text, 'values-prod.yaml')).toEqual([]);
});

test('a file of Ansible Vault is opened before Helm sees it; as values.yaml it is no map like any text', async () => {
  const sealed = '$ANSIBLE_VAULT;1.1;AES256\n61393534386335\n';
  expect(await codesOf(sealed, 'values-prod.yaml')).toEqual([]);
  expect(await codesOf(sealed)).toHaveLength(1);
});

test('a colon without a blank behind it is named, one of an address is not', async () => {
  expect((await codesOf('replicas:3\n'))[0]).toContain('A colon needs a blank behind it');
  expect((await codesOf('https://example.org\n'))[0]).not.toContain('colon');
});

test.each(['', '# c\n', '---\n', 'null\n', '~\n'])('a template of the form %j is nothing, and fine', async (text) => {
  expect(await codesOf(text, 'templates/a.yaml')).toEqual([]);
});
