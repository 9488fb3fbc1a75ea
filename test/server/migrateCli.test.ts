import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { CliHarness } from '#test/support/cliHarness.ts';

const old = readFileSync('test/fixtures/migrate/krallistic-small/input.yaml', 'utf8');
const modern = readFileSync('test/fixtures/migrate/krallistic-small/expected.yaml', 'utf8');
const refused = readFileSync('test/fixtures/migrate/strimzi-refused/input.yaml', 'utf8');

const open: CliHarness[] = [];

async function cli(files: Readonly<Record<string, string>>): Promise<CliHarness> {
  const harness = await CliHarness.create(files);
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.remove();
});

describe('migrate', () => {
  test('shows a diff, changes nothing, and ends with 1', async () => {
    const harness = await cli({ 'a.yaml': old });
    const { code, out, err } = await harness.run(['migrate', 'a.yaml']);
    expect(code).toBe(1);
    expect(out).toMatch(/^--- a\/a\.yaml\n\+\+\+ b\/a\.yaml\n/);
    expect(out).toContain('+kind: KafkaNodePool');
    expect(err).toMatch(
      /^a\.yaml: Kafkacluster\/test becomes Kafka.*; 2 steps to do by hand, 1 field not carried over/,
    );
    expect(await harness.read('a.yaml')).toBe(old);
  });

  test('writes the files, and has nothing to do then', async () => {
    const harness = await cli({ 'a.yaml': old });
    expect(await harness.run(['migrate', '--to', 'strimzi', '--write', 'a.yaml'])).toMatchObject({ code: 0, out: '' });
    expect(await harness.read('a.yaml')).toBe(modern);
    const again = await harness.run(['migrate', '--write', 'a.yaml']);
    expect(again).toEqual({ code: 0, out: '', err: 'Nothing is left to migrate.\n' });
  });

  test('writes changed files into another folder', async () => {
    const harness = await cli({ 'm/a.yaml': old, 'm/b.yaml': modern });
    expect((await harness.run(['migrate', '--out', 'new', 'm'])).code).toBe(0);
    expect(await harness.read('new/a.yaml')).toBe(modern);
    expect(await harness.read('m/a.yaml')).toBe(old);
    await expect(harness.read('new/b.yaml')).rejects.toThrow(/ENOENT/);
  });

  test('reads stdin and writes stdout', async () => {
    const harness = await cli({});
    expect((await harness.run(['migrate', '--write', '-'], old)).out).toBe(modern);
  });

  test('leaves what it cannot say, tells why, and ends with 1', async () => {
    const harness = await cli({ 'a.yaml': refused });
    const { code, err } = await harness.run(['migrate', '--write', 'a.yaml']);
    expect(code).toBe(1);
    expect(err).toMatch(/^a\.yaml: Kafka\/secure stays as it is: .*oauth/);
    expect(await harness.read('a.yaml')).toBe(refused);
  });

  test('leaves what goes elsewhere', async () => {
    const harness = await cli({ 'a.yaml': old });
    const { code, err } = await harness.run(['migrate', '--to', 'cass-operator', 'a.yaml']);
    expect([code, err]).toEqual([0, 'Nothing is left to migrate.\n']);
  });

  test('leaves broken text and templates', async () => {
    const harness = await cli({ 'a.yaml': `${old}  x: [\n` });
    const { code, err } = await harness.run(['migrate', 'a.yaml']);
    expect([code, err]).toEqual([
      1,
      'a.yaml: Kafkacluster/test stays as it is: it is no valid YAML; make it right first.\n',
    ]);
  });

  test('takes the name of the cluster for topics', async () => {
    const topic =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t, labels: {config: kafka-topic}}\ndata: {partitions: "1", replication-factor: "1"}\n';
    const { out } = await (await cli({})).run(['migrate', '--cluster', 'orders', '-'], topic);
    expect(out).toContain('strimzi.io/cluster: orders');
    expect(out).not.toContain('my-cluster');
  });

  test.each([
    [['migrate'], 'Nothing is named to migrate.'],
    [['migrate', '--to', 'kafka', 'a.yaml'], 'Nothing can be migrated to "kafka".'],
    [['migrate', '--write', '--out', 'x', 'a.yaml'], '--write and --out exclude each other.'],
    [['migrate', '--out', 'x', 'a.yaml', 'm/a.yaml'], 'Two files are called a.yaml'],
    [['migrate', 'none.yaml'], 'There is no file or folder "none.yaml".'],
  ])('says what is wrong with %s', async (args, message) => {
    const harness = await cli({ 'a.yaml': old, 'm/a.yaml': old });
    const { code, err } = await harness.run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
