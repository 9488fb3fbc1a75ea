import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ManifestFile {
  /** Relative to the repository, with forward slashes. */
  readonly name: string;
  readonly text: string;
}

/** All YAML files below a folder, sorted by name. */
export function manifestsIn(folder: string): readonly ManifestFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ name: file.split(path.sep).join('/'), text: readFileSync(file, 'utf8') }));
}

/** Every manifest of ours that is right: samples but for the slides, and the shapes of the four systems. */
export function goodManifests(): readonly ManifestFile[] {
  return [...manifestsIn('samples'), ...manifestsIn('test/fixtures/shapes')].filter(
    ({ name }) => !name.includes('cassandra-slide'),
  );
}

/** The text of one sample. */
export function sample(name: string): string {
  return readFileSync(path.join('samples', name), 'utf8');
}
