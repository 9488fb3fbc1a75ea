import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../fixtures/nodetool/', import.meta.url);

export const nodetoolVersions = ['3.11', '4.0', '4.1', '5.0'] as const;
export type NodetoolVersion = (typeof nodetoolVersions)[number];

/** What a version prints, without the lines that say where the text comes from. */
export function nodetoolText(version: string, name: string): string {
  const text = readFileSync(new URL(`${version}/${name}.txt`, folder), 'utf8');
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}

export const hasNodetoolText = (version: string, name: string): boolean =>
  existsSync(new URL(`${version}/${name}.txt`, folder));

/** Every text there is. */
export const allNodetoolTexts = (): readonly string[] =>
  nodetoolVersions.flatMap((version) =>
    readdirSync(new URL(`${version}/`, folder)).map((file) => nodetoolText(version, file.replace('.txt', ''))),
  );
