import { describe, expect, test } from 'vitest';
import { renderArguments } from '#core/charts/render/arguments.ts';
import { readHelmError } from '#core/charts/render/helmErrors.ts';
import { lineInTemplate, readSources } from '#core/charts/render/sources.ts';
import { isChartVersion, isVersionRange } from '#core/charts/semver.ts';
import { coalesce } from '#core/charts/values/coalesce.ts';

test('a preview fetches nothing and asks no cluster', () => {
  const request = { folder: '/work/orders', valuesFiles: ['/work/orders/values-prod.yaml'], kubernetesVersion: '1.34' };
  const written = renderArguments(request);
  expect(written.slice(0, 3)).toEqual(['template', 'preview', '/work/orders']);
  expect(written.join(' ')).toContain('--values /work/orders/values-prod.yaml');
  expect(written.join(' ')).not.toMatch(/dependency-update|validate|dry-run|repo|post-renderer/);
});

/** As helm 3.22.0 wrote them. */
const said: readonly (readonly [string, string | undefined, number, number])[] = [
  [
    'Error: template: c/templates/a.yaml:1:13: executing "c/templates/a.yaml" at <.Values.x.y>: nil pointer evaluating interface {}.y\n\nUse --debug flag to render out invalid YAML\n',
    'templates/a.yaml',
    0,
    13,
  ],
  [
    'Error: parse error at (c/templates/a.yaml:2): missing value for if\n\nUse --debug flag to render out invalid YAML\n',
    'templates/a.yaml',
    1,
    0,
  ],
  [
    'Error: execution error at (c/templates/a.yaml:2:6): no\n\nUse --debug flag to render out invalid YAML\n',
    'templates/a.yaml',
    1,
    6,
  ],
  [
    'Error: YAML parse error on c/templates/a.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context\n',
    'templates/a.yaml',
    0,
    0,
  ],
  [
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nc:\n- at '': missing property 'c'\n",
    undefined,
    0,
    0,
  ],
];

test.each(said)('%s', (stderr, path, line, character) => {
  const read = readHelmError(stderr);
  expect(read).toMatchObject({ path, line, character });
  expect(read?.message).not.toMatch(/Use --debug|\n/);
});

describe('what is rendered', () => {
  const output = [
    '---',
    '# Source: orders/templates/a.yaml',
    'kind: A',
    'replicas: 3',
    '---',
    '# Source: orders/charts/redis/templates/b.yaml',
    'kind: B',
    '',
  ].join('\n');

  test('comes from the file its comment names', () => {
    expect(readSources(output).map(({ path, from }) => [path, from])).toEqual([
      ['templates/a.yaml', 2],
      ['charts/redis/templates/b.yaml', 6],
    ]);
  });

  test('is led back to a line only where one line can be meant', () => {
    const template =
      'kind: A\nspec:\n  replicas: {{ .Values.replicas }}\n  a:\n    name: x\n  b:\n    name: {{ .x }}\n';
    expect(lineInTemplate('kind: A', template)).toBe(0);
    expect(lineInTemplate('  replicas: 3', template)).toBe(2);
    expect(lineInTemplate('    name: y', template)).toBeUndefined();
    expect(lineInTemplate('', template)).toBeUndefined();
  });
});

test('values are laid over each other as Helm does it', () => {
  const under = { a: { x: 1, y: 2 }, b: [1, 2], c: 3, d: null };
  expect(coalesce({ a: { y: 3 }, b: [9], c: null, d: null, e: null }, under)).toEqual({
    a: { x: 1, y: 3 },
    b: [9],
    d: null,
    e: null,
  });
});

/** Each was tried with helm 3.22.0. */
test.each(['1.2.3', 'v1', '1.0', '01.2.3', '1.2.3-rc.1', '1.2.3+abc'])('%s is a version', (text) =>
  expect(isChartVersion(text)).toBe(true),
);
test.each(['', '1.2.3.4', '1.2.3_a', '1.2.3-01', '72445e2', 'latest'])('"%s" is no version', (text) =>
  expect(isChartVersion(text)).toBe(false),
);
test.each(['1.2.3', '^1.2', '~1', '>= 1.2 < 3', '>=1.2,<3', '1.x.x', '*', '1.2 - 1.4', '^1 || ~2.3', '>=1.27.0-0'])(
  '%s is a range',
  (text) => expect(isVersionRange(text)).toBe(true),
);
test.each(['', 'newest', '>=', '1.2.3.4', '^1 ||'])('"%s" is no range', (text) =>
  expect(isVersionRange(text)).toBe(false),
);
