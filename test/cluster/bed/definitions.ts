import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { bedFolder } from './cluster.ts';
import { until } from './commands.ts';
import { asNumber, asText, at, parseJsonObject, type JsonObject } from './json.ts';
import { kubectl, serverSide, tryKubectl, type Access } from './kubectl.ts';
import { finish, sweepUnfinished, unfinishedName } from './native/unfinished.ts';
import { publishedFiles, readPublished } from './publishedDefinitions.ts';
import { definitionsFromStore, storeFiles } from './storedDefinitions.ts';
import { versions } from './versions.ts';

/**
 * Installs the definitions of every operator the product knows; says how many and where they come from.
 * Two generations of Strimzi share their names, so one of them is chosen. The stamp is a file that remembers what a
 * cluster has.
 */
export async function installDefinitions(
  access: Access,
  stamp: string,
  strimzi: string = versions.strimzi,
): Promise<string> {
  const { folder, count, old, origin } = await prepareDefinitions(strimzi);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === folder) return `${count} kept`;
  await kubectl(access, ['apply', ...serverSide, '-f', folder]);
  // A definition that has no conditions yet makes this command fail instead of wait.
  const wait = ['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all'];
  await until('the definitions to be served', 90, async () => (await tryKubectl(access, wait)).code === 0);
  await writeFile(stamp, folder);
  const leftOut = old > 0 ? `, ${old} of a form no server accepts any more left out` : '';
  return `${count} installed ${origin}${leftOut}`;
}

interface Prepared {
  readonly folder: string;
  readonly count: number;
  /** Definitions of apiextensions v1beta1. */
  readonly old: number;
  readonly origin: string;
}

/** One file each as JSON, kept in the cache: reading 13 MB of YAML takes longer than installing it. */
async function prepareDefinitions(strimzi: string): Promise<Prepared> {
  const published = publishedFiles(strimzi);
  const fromStore = published.length === 0;
  const folder = path.join(bedFolder(), 'definitions', await keyOf(fromStore ? storeFiles : published));
  const summary = `${folder}.json`;
  if (!existsSync(summary)) {
    await writeDefinitions(fromStore ? await definitionsFromStore() : await readPublished(published), folder, summary);
  }
  const { count, old } = parseJsonObject(await readFile(summary, 'utf8'));
  const origin = fromStore ? 'from the schema store' : `as published, Strimzi ${strimzi}`;
  return { folder, count: asNumber(count), old: asNumber(old), origin };
}

async function writeDefinitions(all: readonly JsonObject[], folder: string, summary: string): Promise<void> {
  await sweepUnfinished(path.dirname(folder));
  const unfinished = unfinishedName(folder);
  await mkdir(unfinished, { recursive: true });
  const accepted = all.filter((definition) => definition['apiVersion'] === 'apiextensions.k8s.io/v1');
  for (const definition of accepted) {
    const name = asText(at(definition, 'metadata', 'name'));
    await writeFile(path.join(unfinished, `${name}.json`), JSON.stringify(definition));
  }
  await rm(folder, { recursive: true, force: true });
  await finish(unfinished, folder);
  await writeFile(summary, JSON.stringify({ count: accepted.length, old: all.length - accepted.length }));
}

async function keyOf(files: readonly string[]): Promise<string> {
  const makers = ['scripts/schemas/sources.mjs', 'test/cluster/bed/storedDefinitions.ts'].map((file) =>
    inProject(file),
  );
  const hash = createHash('sha256');
  for (const file of [...files, ...makers]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}
