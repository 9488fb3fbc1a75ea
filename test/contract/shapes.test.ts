import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { systems } from '#core/systems/registry.ts';
import { CliHarness } from '#test/support/cliHarness.ts';
import { makeEngine } from '#test/support/lint.ts';
import { goodManifests } from '#test/support/manifests.ts';

/** Manifests in the forms that people publish and use; each is one that a server accepts, so every finding is a false one. */
const SHAPES = path.resolve('test/fixtures/shapes');

const FEWEST_SHAPES = 10;

const harness = await CliHarness.create();
afterAll(() => harness.remove());

/** That a project has ended, or a version goes, is true of a manifest that is right; these are the old ones among the shapes. */
const OUTDATED = { MIG01: 'off', MIG02: 'off', MIG03: 'off' } as const;

const OLD_SHAPES = [
  'cassandra/12-instaclustr.yaml',
  'cassandra/18-other-operators.yaml',
  'cassandra/19-ended-operators.yaml',
  'kafka/04-strimzi-v1beta2-node-pools.yaml',
  'kafka/05-strimzi-v1beta2-zookeeper.yaml',
  'kafka/13-json.yaml',
  'kafka/14-ended-operators.yaml',
];

describe('public shapes', () => {
  test.each(systems)('of $id are many', ({ id }) => {
    expect(readdirSync(path.join(SHAPES, id)).length).toBeGreaterThanOrEqual(FEWEST_SHAPES);
  });

  test.each(systems)('of $id give no finding', async ({ id }) => {
    const config = 'outdated.yaml';
    await harness.write(config, JSON.stringify({ rules: OUTDATED }));
    const { code, out, err } = await harness.run(['lint', '--fail-on', 'hint', '-c', config, path.join(SHAPES, id)]);
    expect(`${out}${err}`).toMatch(/^No findings in \d+ files/);
    expect(code).toBe(0);
  });

  test.each(goodManifests().map((file) => [file.name, file] as const))(
    '%s gives no finding with the other line ends either',
    async (_name, { name, text }) => {
      const unix = text.replaceAll('\r\n', '\n');
      const other = unix === text ? text.replaceAll('\n', '\r\n') : unix;
      const { findings } = checkFile(other, await makeEngine({ rules: OUTDATED }), {
        path: name,
        isPatch: name.includes('kustomize'),
      });
      expect(findings.map(({ code, path: field, message }) => `${code} ${field} ${message}`)).toEqual([]);
    },
  );

  test('are told to be outdated where they are, and nowhere else', async () => {
    const engine = await makeEngine();
    const outdated = goodManifests().filter(({ name, text }) =>
      checkFile(text, engine, { path: name }).findings.some(({ code }) => code in OUTDATED),
    );
    expect(outdated.map(({ name }) => name.replace('test/fixtures/shapes/', ''))).toEqual(OLD_SHAPES);
  });
});
