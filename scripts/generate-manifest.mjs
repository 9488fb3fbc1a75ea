// Writes the part of package.json that the settings table decides. With --check it only says whether that part is up to date.
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { SETTINGS_SECTION, settingsTable } from '../core/src/settings.ts';

const manifestFile = new URL('../package.json', import.meta.url);

const levelNames = ['error', 'warning', 'hint', 'off'];

/** How each kind of setting is told to the settings editor. */
const schemaByType = {
  string: (setting) => ({
    type: 'string',
    ...(setting.pattern ? { pattern: setting.pattern, patternErrorMessage: setting.patternMessage } : {}),
  }),
  boolean: () => ({ type: 'boolean' }),
  list: () => ({ type: 'array', items: { type: 'string' } }),
  levels: () => ({ type: 'object', additionalProperties: { type: 'string', enum: levelNames } }),
  listMap: () => ({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }),
  choice: (setting) => ({
    type: 'string',
    enum: Object.keys(setting.choices),
    enumDescriptions: Object.values(setting.choices),
  }),
};

/** The value of `contributes.configuration`. */
export function describeConfiguration() {
  const properties = settingsTable.map((setting) => [
    `${SETTINGS_SECTION}.${setting.key}`,
    {
      ...schemaByType[setting.type](setting),
      default: setting.default,
      scope: setting.scope,
      markdownDescription: setting.description,
    },
  ]);
  return { title: 'Data Clusters', properties: Object.fromEntries(properties) };
}

function withConfiguration(manifest) {
  return {
    ...manifest,
    contributes: { ...manifest.contributes, configuration: describeConfiguration() },
  };
}

if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const before = await readFile(manifestFile, 'utf8');
  const after = `${JSON.stringify(withConfiguration(JSON.parse(before)), undefined, 2)}\n`;
  if (process.argv.includes('--check')) {
    if (JSON.stringify(JSON.parse(before)) !== JSON.stringify(JSON.parse(after))) {
      process.stderr.write(
        'package.json: contributes.configuration is not what core/src/settings.ts says. Run `node scripts/generate-manifest.mjs`.\n',
      );
      process.exitCode = 1;
    }
  } else if (after !== before) {
    await writeFile(manifestFile, after);
  }
}
