import { afterEach, describe, expect, test } from 'vitest';
import { CliHarness } from '#test/support/cliHarness.ts';

const open: CliHarness[] = [];

async function cli(files: Readonly<Record<string, string>>): Promise<CliHarness> {
  const harness = await CliHarness.create(files);
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.remove();
});

const chart = {
  'orders/Chart.yaml': 'apiVersion: v2\nname: orders\nversion: 1.0.0\n',
  'orders/values.schema.json': '{ "properties": { "replicas": { "type": "integer" } } }',
  'orders/values.yaml': 'replicas: 3\n',
  'orders/templates/_helpers.tpl': '{{ define "a" }}{{ end }}',
};

describe('lint', () => {
  test('checks values against the schema of their chart, laid over its own', async () => {
    const harness = await cli({ ...chart, 'orders/values-prod.yaml': '# prod\nreplicas: "9"\n' });
    const { code, out } = await harness.run(['lint', '.']);
    expect(code).toBe(1);
    expect(out).toContain('orders/values-prod.yaml');
    expect(out).toMatch(/2:11 +error +HLM08 +The schema wants an integer here; this is the string "9"/);
    expect(out).toContain('1 error');
  });

  test('finds nothing in a chart that is right, and calls that clean', async () => {
    const harness = await cli(chart);
    expect(await harness.run(['lint', 'orders'])).toMatchObject({ code: 0, err: '' });
  });

  test('reads the schema of a chart in a folder, and names what is wrong with it', async () => {
    const harness = await cli({ ...chart, 'orders/values.schema.json': '{ "properties": { }, }' });
    const { code, out } = await harness.run(['lint', 'orders']);
    expect(code).toBe(1);
    expect(out).toContain('orders/values.schema.json');
    expect(out).toContain('HLM07');
  });

  test('a rule about charts can be turned off like any other', async () => {
    const files = {
      ...chart,
      'orders/values.yaml': '# data-clusters-disable-next-line HLM08 decided by the installer\nreplicas: many\n',
    };
    const harness = await cli(files);
    expect((await harness.run(['lint', 'orders'])).code).toBe(0);
    await harness.write('orders/values.yaml', 'replicas: many\n');
    expect((await harness.run(['lint', 'orders'])).code).toBe(1);
    await harness.write('.data-clusters.yaml', 'rules: { HLM08: "off" }\n');
    expect((await harness.run(['lint', 'orders'])).code).toBe(0);
  });
});
