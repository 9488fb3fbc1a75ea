import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseAllDocuments } from 'yaml';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { patchCrd } from '../../../scripts/schemas/sources.mjs';
import { asArray, asText, at, parseJsonObject, type JsonObject } from './json.ts';

/** The folder of published CustomResourceDefinitions: beside the checkout, or where DATA_CLUSTERS_CRDS says. */
const definitionsFolder = (): string =>
  path.resolve(process.env['DATA_CLUSTERS_CRDS'] ?? inProject('..', 'shared', 'crds'));

/** Their files, a folder for each release; none when there is no such folder. Of Strimzi only one release is taken. */
export function publishedFiles(strimzi: string): string[] {
  const source = definitionsFolder();
  if (!existsSync(source)) return [];
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const wanted = folders.filter(({ name }) => !name.startsWith('strimzi-') || name === `strimzi-${strimzi}`);
  if (!wanted.some(({ name }) => name.startsWith('strimzi-')))
    throw new Error(`There is no Strimzi ${strimzi} in ${source}.`);
  return wanted.flatMap(({ name }) =>
    readdirSync(path.join(source, name))
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => path.join(source, name, file)),
  );
}

export async function readPublished(files: readonly string[]): Promise<JsonObject[]> {
  const found = await Promise.all(files.map(readDefinitionFile));
  return found.flat();
}

async function readDefinitionFile(file: string): Promise<JsonObject[]> {
  const release = path.basename(path.dirname(file));
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return documents
    .map((document) => parseJsonObject(JSON.stringify(document)))
    .filter((one) => 'kind' in one)
    .map((definition) => patched(release, definition));
}

/** The same corrections that the schema store makes, each as the project's own release has it. */
function patched(release: string, definition: JsonObject): JsonObject {
  const kind = asText(at(definition, 'spec', 'names', 'kind'));
  for (const version of asArray(at(definition, 'spec', 'versions'))) {
    const schema = at(version, 'schema', 'openAPIV3Schema');
    if (at(schema, 'properties', 'spec') !== undefined) patchCrd(release, kind, schema);
  }
  return definition;
}
