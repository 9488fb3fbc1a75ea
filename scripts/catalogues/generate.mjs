// Makes schemas/catalogues from the jars of the systems' releases; wants a JDK 17 or later and Maven.
//   node scripts/catalogues/generate.mjs [kafka|cassandra|spark]
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { inProject } from '../editor/paths.mjs';
import { readRelease } from './jars.mjs';
import { mergeReleases } from './merge.mjs';
import { minorOf, normalize } from './normalize.mjs';
import { sources } from './sources.mjs';

const folder = inProject('schemas', 'catalogues');

/** One setting a line, so that a new release is read in the diff. */
function write(system, { versions, tables }) {
  const parts = Object.entries(tables).map(
    ([table, settings]) =>
      `${JSON.stringify(table)}:{\n${Object.entries(settings)
        .map(([name, facts]) => `${JSON.stringify(name)}:${JSON.stringify(facts)}`)
        .join(',\n')}\n}`,
  );
  const text = `{"versions":${JSON.stringify(versions)},"tables":{\n${parts.join(',\n')}\n}}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${system}.json`), text);
  const counts = Object.entries(tables).map(([table, settings]) => `${table} ${Object.keys(settings).length}`);
  process.stdout.write(`${system} ${versions[0]} to ${versions.at(-1)}: ${counts.join(', ')}; ${text.length} bytes\n`);
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(sources);
for (const system of wanted) {
  const source = sources[system];
  if (!source) throw new Error(`There is no system ${system}; there are ${Object.keys(sources).join(', ')}.`);
  const { program, releases } = source;
  const read = releases.map((release) => ({
    minor: minorOf(release.version),
    tables: normalize[system](readRelease(program, release)),
  }));
  write(system, mergeReleases(read));
}
