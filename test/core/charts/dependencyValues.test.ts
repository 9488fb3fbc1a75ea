import { expect, test } from 'vitest';
import { Chart } from '#core/charts/chart.ts';
import { checkChartFile } from '#core/charts/checkChartFile.ts';
import { isInRange } from '#core/charts/semver.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';

const CHARTS = {
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.2.3\n',
  'charts/sub/charts/inner/Chart.yaml': 'apiVersion: v2\nname: inner\nversion: 0.1.0\n',
};

interface Made {
  /** One dependency in flow style; empty for none. */
  readonly wants?: string;
  readonly values?: string;
  readonly dev?: string;
  readonly charts?: Readonly<Record<string, string>>;
  readonly archives?: readonly string[];
}

/** What is found in values.yaml, or in `values-dev.yaml` where there is one: `path: message`. */
function find({ wants, values = '', dev, charts = CHARTS, archives = [] }: Made): readonly string[] {
  const dependencies = wants === undefined ? '' : `dependencies: [${wants}]\n`;
  const texts = new Map(
    Object.entries({
      'Chart.yaml': `apiVersion: v2\nname: top\nversion: 1.0.0\n${dependencies}`,
      'values.yaml': values,
      ...(dev === undefined ? {} : { 'values-dev.yaml': dev }),
      ...charts,
    }),
  );
  const chart = new Chart({ folderUri: 'file:///work/top', texts, archives, digest: () => '' });
  const path = dev === undefined ? 'values.yaml' : 'values-dev.yaml';
  return checkChartFile(dev ?? values, { chart, path }, defaultLintSettings, undefined)
    .filter(({ code }) => code === 'HLM11')
    .map((one) => `${one.path}: ${one.message}`);
}

const SUB = '{ name: sub, version: 1.x.x }';
const ALIASED = '{ name: sub, version: 1.x.x, alias: other }';
const SWITCHED = '{ name: sub, version: 1.x.x, condition: sub.enabled }';

// What helm 3.22.0 template refuses with "type mismatch on sub".
test.each([
  ['sub: [a]', 'a list'],
  ['sub: []', 'a list'],
  ['sub: text', 'the string "text"'],
  ['sub: ""', 'the string ""'],
  ['sub: 5', 'the integer 5'],
  ['sub: 0', 'the integer 0'],
  ['sub: true', 'the boolean true'],
  ['sub: 2026-01-01', 'the string "2026-01-01"'],
  ['sub: null', 'null'],
  ['sub: ~', 'null'],
  ['sub:', 'null'],
  ['sub:\n  # port: 9092\n', 'null'],
  ['x: &x text\nsub: *x', 'the string "text"'],
])('%j is refused, in values.yaml and over it', (text, what) => {
  const [own, ...rest] = find({ wants: SUB, values: text });
  expect(own).toMatch(/^sub: These are the values of the chart sub, which are a map; /);
  expect(own).toContain(`this is ${what}. Helm refuses them: type mismatch on sub.`);
  expect(rest).toEqual([]);
  expect(find({ wants: SUB, dev: text })).toEqual([own]);
  expect(find({ values: text })).toHaveLength(1);
});

// What it takes.
test.each(['', 'sub: {}', 'sub: { a: 1 }', 'sub: { global: text }', 'global: text', 'subs: text', 'x: { sub: text }'])(
  '%j is taken',
  (text) => {
    expect(find({ wants: SUB, values: text })).toEqual([]);
    expect(find({ wants: SUB, dev: text })).toEqual([]);
    expect(find({ values: text })).toEqual([]);
  },
);

test('a null over a key of values.yaml takes it away, anything else over it is refused', () => {
  for (const values of ['sub: { a: 1 }', 'sub: {}', 'sub: text']) {
    expect(find({ wants: SUB, values, dev: 'sub:' })).toEqual([]);
    expect(find({ wants: SUB, values, dev: 'sub: text' })).toHaveLength(1);
    expect(find({ wants: SUB, values, dev: 'sub: {}' })).toEqual([]);
  }
  expect(find({ wants: SUB, values: 'a: [', dev: 'sub:' })).toEqual([]);
});

test('an alias takes the place of the name', () => {
  expect(find({ wants: ALIASED, values: 'sub: text\nother: {}' })).toEqual([]);
  expect(find({ wants: ALIASED, values: 'other: text' })[0]).toMatch(/^other: .*chart sub, .*mismatch on other\.$/);
  expect(find({ wants: ALIASED, values: 'other:' })).toHaveLength(1);
});

test('a chart that is switched off is refused all the same, and what switches it is named', () => {
  expect(find({ wants: SWITCHED, values: 'sub: false' })[0]).toContain(
    'Whether the chart is on is said by sub.enabled.',
  );
  expect(find({ wants: SWITCHED, values: 'sub: text' })[0]).not.toContain('sub.enabled');
  expect(find({ wants: SUB, values: 'sub: false' })[0]).not.toContain('said by');
  const off = '{ name: sub, version: 1.2.3, condition: on }';
  expect(find({ wants: off, values: 'on: false\nsub: text' })).toHaveLength(1);
});

test('nothing is said of a chart that is not there, nor of an alias that may not be one', () => {
  expect(find({ wants: SUB, values: 'sub: text', charts: {} })).toEqual([]);
  for (const version of ['2.0.0', '>=1.0.0-0', '"1.0 - 1.9"', '"^1 || ^2"']) {
    expect(find({ wants: `{ name: sub, version: ${version}, alias: other }`, values: 'other: text' })).toEqual([]);
  }
  // Without an alias the chart has its own name, whether it is in the range or not.
  expect(find({ wants: '{ name: sub, version: 2.0.0 }', values: 'sub: text' })).toHaveLength(1);
});

test('a packed chart is known by the name of its file', () => {
  const packed = { charts: {}, archives: ['sub-1.2.3.tgz', 'sub-chart-2.0.0.tgz'] };
  expect(find({ wants: SUB, values: 'sub: text', ...packed })).toHaveLength(1);
  expect(find({ wants: ALIASED, values: 'other: text', ...packed })).toHaveLength(1);
  expect(find({ wants: '{ name: sub, version: 2.0.0, alias: other }', values: 'other: text', ...packed })).toEqual([]);
  expect(find({ wants: '{ name: chart, version: 2.0.0 }', values: 'chart: text', ...packed })).toEqual([]);
  expect(find({ values: 'sub: text', ...packed })).toEqual([]);
});

test('charts in charts are met by their names, and of a null there nothing is said', () => {
  for (const wants of [SUB, undefined, SWITCHED]) {
    const made = wants === undefined ? {} : { wants };
    expect(find({ ...made, values: 'sub: { inner: text }' })[0]).toMatch(/^sub\.inner: .*mismatch on inner\.$/);
    expect(find({ ...made, dev: 'sub: { inner: [] }' })).toHaveLength(1);
    expect(find({ ...made, values: 'sub: { inner: null }' })).toEqual([]);
    expect(find({ ...made, values: 'sub: { inner: {} }\ninner: {}' })).toEqual([]);
  }
  expect(find({ wants: ALIASED, values: 'other: { inner: 5 }' })).toHaveLength(1);
  expect(find({ wants: ALIASED, values: 'sub: { inner: 5 }' })).toEqual([]);
});

// As github.com/Masterminds/semver of helm 3.22.0 says it.
test.each([
  ['1.2.3', '1.2.3', true],
  ['1.2.3', 'v1.2.3', true],
  ['1.2.3', '=1.2.3', true],
  ['1.2.3', '1.2.4', false],
  ['1.2.3', '1.2', true],
  ['1.3.0', '1.2', false],
  ['1.2.3', '1', true],
  ['1.2.3', '1.x.x', true],
  ['2.0.0', '1.x.x', false],
  ['1.2.3', '1.2.x', true],
  ['1.2.3', '*', true],
  ['1.9.0', '^1.2.3', true],
  ['1.2.2', '^1.2.3', false],
  ['2.0.0', '^1.2.3', false],
  ['0.2.9', '^0.2.3', true],
  ['0.3.0', '^0.2.3', false],
  ['0.0.4', '^0.0.3', false],
  ['0.9.0', '^0', true],
  ['0.0.9', '^0.0', true],
  ['0.1.0', '^0.0', false],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.9.0', '~1', true],
  ['2.0.0', '>=1.2', true],
  ['1.1.9', '>=1.2', false],
  ['1.2.3', '>=1.0.0, ^1.1.0', true],
  ['1.2.3+build', '1.2.3', true],
  ['1.2.3', '', false],
  ['1.2.3-rc.1', '^1.0.0', undefined],
  ['1.2.3', '<2', undefined],
  ['1.2.3', '^1 || ^2', undefined],
  ['1.2.3', '1.0 - 1.9', undefined],
])('%s in %j: %s', (version, range, expected) => {
  expect(isInRange(version, range)).toBe(expected);
});
