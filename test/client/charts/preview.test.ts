import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findChart } from '#client/charts/chartFolder.ts';
import { mapFindings } from '#client/charts/previewDiagnostics.ts';
import { environmentOf, runHelm } from '#client/charts/runHelm.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { isOfChart } from '#client/documents/chartFiles.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-charts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program in place of Helm. */
function program(name: string, source: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${source}\n`);
  chmodSync(file, 0o755);
  return file;
}

const request = { folder, valuesFiles: ['/a; touch b'], kubernetesVersion: '1.34' };

describe('Helm', () => {
  test('gets its arguments as they are, and an environment that leads nowhere', async () => {
    const echo = program(
      'echo.cjs',
      'console.log(JSON.stringify([process.argv.slice(2), process.env.KUBECONFIG, process.env.HTTPS_PROXY]));',
    );
    const { output, error } = await runHelm(echo, request);
    expect(error).toBe('');
    const told: unknown = JSON.parse(output);
    assert(Array.isArray(told));
    expect(told[0]).toContain('/a; touch b');
    expect(told[1]).toMatch(/null|nul/i);
    expect(told[2]).toBe('http://127.0.0.1:9');
  });

  test('tells why it failed', async () => {
    const failing = program('failing.cjs', 'console.error("Error: no"); process.exit(1);');
    expect(await runHelm(failing, request)).toMatchObject({ error: 'Error: no\n' });
  });

  test('is missed with a way out', async () => {
    const problem: unknown = await runHelm(path.join(folder, 'absent'), request).catch((error: unknown) => error);
    assert(problem instanceof UserProblem);
    expect(problem.message).toContain('cannot be started');
    expect(problem.advice).toContain('dataClusters.helmPath');
  });

  test('sees nothing of clusters, plugins and proxies', () => {
    const environment = environmentOf({
      PATH: '/bin',
      KUBECONFIG: '/x',
      HELM_PLUGINS: '/p',
      HTTPS_PROXY: 'http://real',
      no_proxy: '*',
    });
    expect(environment).toMatchObject({ PATH: '/bin', HELM_NO_PLUGINS: '1' });
    expect(Object.values(environment).join(' ')).not.toMatch(/\/x|\/p\b|real|\*/);
  });
});

test('the innermost chart around a file is found, and values of an environment are laid over', async () => {
  mkdirSync(path.join(folder, 'orders', 'templates'), { recursive: true });
  writeFileSync(path.join(folder, 'orders', 'Chart.yaml'), '');
  const chart = path.join(folder, 'orders');
  const template = await findChart(path.join(chart, 'templates', 'a.yaml'));
  expect(template).toEqual({ folder: chart, path: 'templates/a.yaml', valuesFiles: [] });
  const prod = path.join(chart, 'values-prod.yaml');
  expect((await findChart(prod))?.valuesFiles).toEqual([prod]);
});

test('findings in the output are led back to the template', () => {
  const output = '---\n# Source: orders/templates/a.yaml\nkind: Service\nmetadata:\n  name: A_B\n';
  const range = { start: { line: 4, character: 8 }, end: { line: 4, character: 11 } };
  const finding = { code: 'META02', severity: 'error', message: 'No name.', range } as const;
  const template = 'kind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
  const [mapped] = mapFindings(output, [finding], (name) => (name === 'templates/a.yaml' ? template : undefined));
  expect(mapped).toMatchObject({ path: 'templates/a.yaml', line: 2 });
  const [unknown] = mapFindings(output, [finding], () => undefined);
  expect(unknown).toMatchObject({ path: undefined, line: 0 });
});

test.each([
  ['/a/Chart.yaml', true],
  ['/a/values-prod.yaml', true],
  ['/a/ci/small-values.yml', true],
  ['/a/templates/sub/_helpers.tpl', true],
  ['/a/deployment.yaml', false],
  ['/a/config.yaml', false],
])('%s tells of a chart: %s', (file, expected) => expect(isOfChart(file)).toBe(expected));
