import { afterEach, describe, expect, test } from 'vitest';
import { application } from '#test/core/preview/told.ts';
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

const good = application('  driver: { memory: 2g }\n  executor: { instances: 2 }');
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

describe('preview', () => {
  test('tells in text what the operator will create, and is silent on other objects', async () => {
    const { code, out, err } = await (await cli({ 'a.yaml': `${good}---\n${configMap}` })).run(['preview', 'a.yaml']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^SparkApplication etl in data: what the Kubeflow Spark Operator will create\n/);
    expect(out).toContain('container spark-kubernetes-driver: processors 1, limit none, memory 2432 MiB\n');
    expect(out).not.toContain('ConfigMap a');
  });

  test('writes JSON with a preview for each object of each file', async () => {
    const harness = await cli({ 'm/a.yaml': good, 'm/b.yaml': `${good}---\n${good}` });
    const { code, out } = await harness.run(['preview', '--output', 'json', 'm']);
    expect(code).toBe(0);
    const told: unknown = JSON.parse(out);
    expect(told).toMatchObject({
      previews: [
        { file: 'm/a.yaml', name: 'etl', pods: [{ role: 'driver' }, { role: 'executor', count: { least: 2 } }] },
        { file: 'm/b.yaml' },
        { file: 'm/b.yaml' },
      ],
    });
  });

  test('reads stdin', async () => {
    expect((await (await cli({})).run(['preview', '-'], good)).out).toContain('etl-driver');
  });

  test('names documents that are broken, tells the others, and ends with 1', async () => {
    const harness = await cli({ 'a.yaml': `${good}---\n${good}  arguments: [a\n` });
    const { code, out, err } = await harness.run(['preview', 'a.yaml']);
    expect(code).toBe(1);
    expect(out).toContain('etl-driver');
    expect(err).toMatch(/^a\.yaml:\d+ has no preview: .+\n$/);
  });

  test.each([
    [['preview'], 'Nothing is named to preview.'],
    [['preview', 'a.yaml', '--output', 'sarif'], 'A preview cannot be printed as "sarif".'],
    [['preview', 'a.yaml'], 'Nothing in a.yaml can be previewed.'],
    [['preview', 'a.yaml', '--write'], "Unknown option '--write'."],
  ])('%s ends with 2 and says why', async (args, why) => {
    const { code, err } = await (await cli({ 'a.yaml': configMap })).run(args);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  test('has a page of help', async () => {
    expect((await (await cli({})).run(['preview', '--help'])).out).toMatch(/^data-clusters preview \[options\]/);
  });
});
