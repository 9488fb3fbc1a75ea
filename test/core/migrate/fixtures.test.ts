import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { MIGRATION_TARGETS, type MigrationTarget } from '#core/migrate/job.ts';
import { migrateText, type MigratedText } from '#core/migrate/migrateText.ts';
import { bundledCatalog } from '#test/support/catalog.ts';
import { makeEngine } from '#test/support/lint.ts';

const FOLDER = path.resolve('test/fixtures/migrate');

const cases = readdirSync(FOLDER).toSorted();

function read(name: string, file: string): string {
  return readFileSync(path.join(FOLDER, name, file), 'utf8');
}

function optionsOf(name: string): { readonly to?: MigrationTarget } {
  if (!existsSync(path.join(FOLDER, name, 'options.json'))) return {};
  const options: unknown = JSON.parse(read(name, 'options.json'));
  const wanted = typeof options === 'object' && options !== null && 'to' in options ? options.to : undefined;
  const to = MIGRATION_TARGETS.find((target) => target === wanted);
  if (to === undefined) throw new Error(`${name}/options.json names no target.`);
  return { to };
}

async function migrate(name: string, text: string): Promise<MigratedText> {
  return migrateText(text, { catalog: await bundledCatalog(), ...optionsOf(name) });
}

describe.each(cases)('%s', (name) => {
  test('becomes what is expected', async () => {
    const { text } = await migrate(name, read(name, 'input.yaml'));
    await expect(text).toMatchFileSnapshot(path.join(FOLDER, name, 'expected.yaml'));
  });

  test('is without an error in what was migrated', async () => {
    const { text, documents } = await migrate(name, read(name, 'input.yaml'));
    expect(documents.length).toBeGreaterThan(0);
    const { findings } = checkFile(text, await makeEngine());
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, path: place, message }) => `${code} ${place} ${message}`)).toEqual([]);
  });

  test('is not changed a second time', async () => {
    const { text } = await migrate(name, read(name, 'input.yaml'));
    const again = await migrate(name, text);
    expect(again.text).toBe(text);
    expect(again.documents.filter(({ refusal }) => refusal === undefined)).toEqual([]);
  });

  test('is the same with other line ends', async () => {
    const unix = read(name, 'input.yaml');
    const windows = (text: string): string => text.replaceAll('\n', '\r\n');
    expect((await migrate(name, windows(unix))).text).toBe(windows((await migrate(name, unix)).text));
  });
});
