import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  commandIds,
  contextKeys,
  documentLanguages,
  EXTENSION_ID,
  settingName,
  snippetSources,
  WALKTHROUGH_ID,
} from '#client/contributions.ts';
import { settingsTable, type Setting } from '#core/settings.ts';

type Json = Readonly<Record<string, unknown>>;

const root = new URL('../../', import.meta.url);
const manifest = asObject(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const contributes = asObject(manifest['contributes']);
const commands = asObjects(contributes['commands']);
const walkthroughs = asObjects(contributes['walkthroughs']);
const steps = walkthroughs.flatMap((walkthrough) => asObjects(walkthrough['steps']));
const knownCommands: readonly string[] = Object.values(commandIds);

describe('commands of the manifest', () => {
  it('are those of the code, each once', () => {
    const contributed = commands.map(({ command }) => String(command));
    expect(contributed.toSorted()).toEqual(knownCommands.toSorted());
  });

  it.each(commands)('$command has a title in the category of the product', (command) => {
    expect(command['title']).toMatch(/^[A-Z]/);
    expect(command['category']).toBe('Data Clusters');
  });

  it('have titles that nothing shares', () => {
    const titles = commands.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('are the only ones that menus name', () => {
    const menus = Object.values(asObject(contributes['menus'])).flatMap(asObjects);
    expect(menus.length).toBeGreaterThan(0);
    for (const { command } of menus) expect(knownCommands).toContain(command);
  });

  it('are registered by the code, one file for each', () => {
    const sources = [
      'fixAll',
      'migrate',
      'newManifest',
      'openSample',
      'openWalkthrough',
      'serverCommands',
      'showSchemaSource',
    ]
      .map((name) => readText(`client/src/commands/${name}.ts`))
      .join('\n');
    for (const name of Object.keys(commandIds)) expect(sources).toContain(`id: commandIds.${name}`);
  });
});

describe('conditions of the manifest', () => {
  it('name context keys of the code', () => {
    const conditions = Object.values(asObject(contributes['menus']))
      .flatMap(asObjects)
      .flatMap(({ when }) => (typeof when === 'string' ? [when] : []));
    const named = conditions.flatMap((when) => when.match(/dataClusters\.\w+/g) ?? []);
    const known: readonly string[] = Object.values(contextKeys);
    expect([...new Set(named)].toSorted()).toEqual(known.toSorted());
  });
});

const jsonTypes: Readonly<Record<Setting['type'], string>> = {
  string: 'string',
  choice: 'string',
  boolean: 'boolean',
  list: 'array',
  levels: 'object',
  listMap: 'object',
};

describe('settings of the manifest', () => {
  const configuration = asObject(contributes['configuration']);
  const properties = asObject(configuration['properties']);

  it('are those of the code, each once', () => {
    const names = settingsTable.map(({ key }) => settingName(key));
    expect(Object.keys(properties).toSorted()).toEqual(names.toSorted());
  });

  it.each(settingsTable.map((setting) => [settingName(setting.key), setting] as const))(
    '%s has the type, the default and the values of the code',
    (name, setting: Setting) => {
      const property = asObject(properties[name]);
      expect(property['type']).toBe(jsonTypes[setting.type]);
      expect(property['default']).toEqual(setting.default);
      expect(property['scope']).toBe(setting.scope);
      expect(property['markdownDescription']).toBe(setting.description);
      if (setting.type === 'choice') expect(property['enum']).toEqual(Object.keys(setting.choices));
    },
  );
});

describe('activation', () => {
  it('waits for a document that may be a manifest', () => {
    const events = documentLanguages.map((language) => `onLanguage:${language}`);
    expect(manifest['activationEvents']).toEqual(events);
  });
});

describe('files of the manifest', () => {
  it('lists the snippets of the code for YAML', () => {
    const paths = snippetSources.map(({ path }) => ({ language: 'yaml', path: `./${path}` }));
    expect(contributes['snippets']).toEqual(paths);
  });

  it.each([
    ...snippetSources.map(({ path }) => path),
    ...walkthroughs.map(({ icon }) => icon),
    ...steps.flatMap((step) => Object.values(asObject(step['media']))),
    manifest['icon'],
  ])('has %s', (path) => {
    expect(existsSync(new URL(String(path), root)), fileURLToPath(new URL(String(path), root))).toBe(true);
  });

  it('has an icon of 128 by 128 points, as the marketplace asks', () => {
    const png = readFileSync(new URL(String(manifest['icon']), root));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  });
});

describe('the way for newcomers', () => {
  it('is the one the code opens', () => {
    expect(walkthroughs.map(({ id }) => id)).toEqual([WALKTHROUGH_ID]);
    expect(EXTENSION_ID).toBe(`${String(manifest['publisher'])}.${String(manifest['name'])}`);
  });

  it('runs only commands there are', () => {
    const links = JSON.stringify(steps).match(/(?:command|onCommand):[\w.]+/g) ?? [];
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(knownCommands).toContain(link.slice(link.indexOf(':') + 1));
  });
});

describe('trust', () => {
  const capabilities = asObject(manifest['capabilities']);

  it('is declared: schemas that a workspace names wait for trust', () => {
    const untrusted = asObject(capabilities['untrustedWorkspaces']);
    expect(untrusted['supported']).toBe('limited');
    expect(untrusted['description']).toMatch(/executed/);
    expect(untrusted['restrictedConfigurations']).toEqual([settingName('schemas')]);
  });

  it('is declared for virtual workspaces', () => {
    const virtual = asObject(capabilities['virtualWorkspaces']);
    expect(virtual['supported']).toBe('limited');
    expect(virtual['description']).toMatch(/bundled/);
  });
});

function readText(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function asObject(value: unknown): Json {
  if (!isObject(value)) throw new TypeError(`An object is expected, not ${JSON.stringify(value)}.`);
  return value;
}

function asObjects(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw new TypeError(`A list is expected, not ${JSON.stringify(value)}.`);
  const list: readonly unknown[] = value;
  return list.map(asObject);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
