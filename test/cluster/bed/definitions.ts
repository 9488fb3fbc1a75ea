import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseAllDocuments } from 'yaml';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { patchCrd } from '../../../scripts/schemas/sources.mjs';
import { bedFolder } from './cluster.ts';
import { asArray, asNumber, asText, at, parseJsonObject, type JsonObject } from './json.ts';
import { kubectl, serverSide, type Access } from './kubectl.ts';
import { sweepUnfinished, unfinishedName } from './native/unfinished.ts';
import { versions } from './versions.ts';

/** The folder of published CustomResourceDefinitions: beside the checkout, or where DATA_CLUSTERS_CRDS says. */
export const definitionsFolder = (): string =>
  path.resolve(process.env['DATA_CLUSTERS_CRDS'] ?? inProject('..', 'shared', 'crds'));

/**
 * Installs the definitions of every operator the product knows; says how many, or why none.
 * Two generations of Strimzi share their names, so one of them is chosen. The stamp is a file that remembers what a
 * cluster has.
 */
export async function installDefinitions(
  access: Access,
  stamp: string,
  strimzi: string = versions.strimzi,
): Promise<string> {
  const folder = definitionsFolder();
  if (!existsSync(folder)) return `skipped, there is no folder ${folder}`;
  const prepared = await prepareDefinitions(folder, strimzi);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === prepared.folder) return `${prepared.count} kept`;
  await kubectl(access, ['apply', ...serverSide, '-f', prepared.folder]);
  await kubectl(access, ['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
  await writeFile(stamp, prepared.folder);
  const old = prepared.old > 0 ? `, ${prepared.old} of a form no server accepts any more left out` : '';
  return `${prepared.count} installed, Strimzi ${strimzi}${old}`;
}

interface Prepared {
  readonly folder: string;
  readonly count: number;
  /** Definitions of apiextensions v1beta1. */
  readonly old: number;
}

/** Patched copies as JSON, kept in the cache: reading 13 MB of YAML takes longer than installing it. */
async function prepareDefinitions(source: string, strimzi: string): Promise<Prepared> {
  const files = definitionFiles(source, strimzi);
  if (files.length === 0) throw new Error(`No definitions of Strimzi ${strimzi} or of anything else in ${source}.`);
  const folder = path.join(bedFolder(), 'definitions', await keyOf(files));
  const summary = path.join(`${folder}.json`);
  if (!existsSync(summary)) await writeDefinitions(files, folder, summary);
  const { count, old } = parseJsonObject(await readFile(summary, 'utf8'));
  return { folder, count: asNumber(count), old: asNumber(old) };
}

function definitionFiles(source: string, strimzi: string): string[] {
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const wanted = folders.filter(({ name }) => !name.startsWith('strimzi-') || name === `strimzi-${strimzi}`);
  return wanted.flatMap(({ name }) =>
    readdirSync(path.join(source, name))
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => path.join(source, name, file)),
  );
}

async function writeDefinitions(files: readonly string[], folder: string, summary: string): Promise<void> {
  await sweepUnfinished(path.dirname(folder));
  const unfinished = unfinishedName(folder);
  await mkdir(unfinished, { recursive: true });
  let old = 0;
  let count = 0;
  for (const definition of await readDefinitions(files)) {
    if (definition['apiVersion'] !== 'apiextensions.k8s.io/v1') old += 1;
    else {
      count += 1;
      const name = asText(at(definition, 'metadata', 'name'));
      await writeFile(path.join(unfinished, `${name}.json`), JSON.stringify(definition));
    }
  }
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  await writeFile(summary, JSON.stringify({ count, old }));
}

async function readDefinitions(files: readonly string[]): Promise<JsonObject[]> {
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

async function keyOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files, inProject('scripts', 'schemas', 'sources.mjs')]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}
