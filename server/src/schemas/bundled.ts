import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindSource } from '#core/schema/catalog.ts';
import { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { openSchemaStore } from '#core/schema/store.ts';

/** The schemas that come with the product. */
export interface BundledSchemas {
  readonly source: KindSource;
  /** Texts for hover, as JSON; read on first use. */
  readonly descriptions: () => Promise<unknown>;
}

const CATALOGUES = ['kafka', 'cassandra', 'spark'] as const;

/** Reads the store that the build puts beside the programs. @throws Error when it is not there or broken */
export async function loadBundledSchemas(folder: string): Promise<BundledSchemas> {
  const [kinds, nodes, ...catalogues] = await Promise.all(
    ['kinds.json', 'nodes.jsonl', ...CATALOGUES.map((system) => `settings/${system}.json`)].map((name) =>
      readFile(join(folder, name), 'utf8'),
    ),
  );
  const kindsJson: unknown = JSON.parse(kinds ?? '[]');
  const texts = Object.fromEntries(CATALOGUES.map((system, index) => [system, catalogues[index] ?? '{}']));
  return {
    source: { ...openSchemaStore(kindsJson, nodes ?? ''), settings: new SettingCatalogues(texts) },
    descriptions: async (): Promise<unknown> => JSON.parse(await readFile(join(folder, 'descriptions.json'), 'utf8')),
  };
}

/** Where the build puts the store: beside the bundled program that is running. */
export function bundledSchemaFolder(programFolder: string): string {
  return join(programFolder, 'schemas');
}
