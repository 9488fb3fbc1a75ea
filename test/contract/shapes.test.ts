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

describe('public shapes', () => {
  test.each(systems)('of $id are many', ({ id }) => {
    expect(readdirSync(path.join(SHAPES, id)).length).toBeGreaterThanOrEqual(FEWEST_SHAPES);
  });

  test.each(systems)('of $id give no finding', async ({ id }) => {
    const { code, out, err } = await harness.run(['lint', '--fail-on', 'hint', path.join(SHAPES, id)]);
    expect(`${out}${err}`).toMatch(/^No findings in \d+ files/);
    expect(code).toBe(0);
  });

  test.each(goodManifests().map((file) => [file.name, file] as const))(
    '%s gives no finding with the other line ends either',
    async (_name, { name, text }) => {
      const unix = text.replaceAll('\r\n', '\n');
      const other = unix === text ? text.replaceAll('\n', '\r\n') : unix;
      const { findings } = checkFile(other, await makeEngine(), { path: name, isPatch: name.includes('kustomize') });
      expect(findings.map(({ code, path: field, message }) => `${code} ${field} ${message}`)).toEqual([]);
    },
  );
});
