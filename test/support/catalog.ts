import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SchemaCatalog, type KindSource } from '#core/schema/catalog.ts';
import { DescriptionBook } from '#core/schema/descriptions.ts';
import { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { openSchemaStore } from '#core/schema/store.ts';

let storeFolder: Promise<string> | undefined;
let store: Promise<KindSource> | undefined;

/** The folder the build would put beside the programs, made once for a test run. */
export function bundledStoreFolder(): Promise<string> {
  return (storeFolder ??= buildStore());
}

/** The real bundled store, built once for a test run (from the cache after the first time). */
export function bundledStore(): Promise<KindSource> {
  return (store ??= loadStore());
}

export async function bundledCatalog(...before: readonly KindSource[]): Promise<SchemaCatalog> {
  return new SchemaCatalog([...before, await bundledStore()]);
}

async function buildStore(): Promise<string> {
  const { buildSchemaStore } = await import('../../scripts/schemas/build-store.mjs');
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-store-'));
  await buildSchemaStore(folder);
  return folder;
}

async function loadStore(): Promise<KindSource> {
  const folder = await bundledStoreFolder();
  const kinds: unknown = JSON.parse(readFileSync(path.join(folder, 'kinds.json'), 'utf8'));
  const source = openSchemaStore(kinds, readFileSync(path.join(folder, 'nodes.jsonl'), 'utf8'));
  return { ...source, settings: readCatalogues(path.join(folder, 'settings')) };
}

function readCatalogues(folder: string): SettingCatalogues {
  const texts = readdirSync(folder).map((name): [string, string] => [
    name.replace('.json', ''),
    readFileSync(path.join(folder, name), 'utf8'),
  ]);
  return new SettingCatalogues(Object.fromEntries(texts));
}

/** The real descriptions, all topics. */
export async function bundledDescriptions(): Promise<DescriptionBook> {
  return new DescriptionBook(await readBundledDescriptions());
}

export async function readBundledDescriptions(): Promise<unknown> {
  return JSON.parse(readFileSync(path.join(await bundledStoreFolder(), 'descriptions.json'), 'utf8'));
}
