import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  commandIds,
  contextKeys,
  documentLanguages,
  EXTENSION_ID,
  OPERATION_PAGE,
  settingName,
  snippetSources,
  VIEW_CONTAINER_ID,
  VIEW_ID,
  WALKTHROUGH_ID,
} from '#client/contributions.ts';
import { welcomeReason } from '#client/views/clusters/welcome.ts';
import { contextValueOf, rowFlags, rowKinds, type RowFlag } from '#core/live/tree/row.ts';
import { LIVE_SCHEME } from '#core/protocol.ts';
import { settingsTable, type Setting } from '#core/settings.ts';

type Json = Readonly<Record<string, unknown>>;

const root = new URL('../../', import.meta.url);
const manifest = asObject(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const contributes = asObject(manifest['contributes']);
const commands = asObjects(contributes['commands']);
const walkthroughs = asObjects(contributes['walkthroughs']);
const steps = walkthroughs.flatMap((walkthrough) => asObjects(walkthrough['steps']));
const knownCommands: readonly string[] = Object.values(commandIds);
const menuItems = Object.values(asObject(contributes['menus'])).flatMap(asObjects);
const welcomes = asObjects(contributes['viewsWelcome']);

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
    expect(menuItems.length).toBeGreaterThan(0);
    for (const { command } of menuItems) expect(knownCommands).toContain(command);
  });

  it('are registered by the code', () => {
    const folder = new URL('client/src/', root);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readText(`client/src/${name}`))
      .join('\n');
    const missing = Object.keys(commandIds).filter((name) => !sources.includes(`id: commandIds.${name}`));
    expect(missing).toEqual([]);
  });
});

describe('conditions of the manifest', () => {
  const conditions = [...menuItems, ...welcomes].flatMap(({ when }) => (typeof when === 'string' ? [when] : []));

  it('name context keys of the code, and each of them', () => {
    const named = conditions.flatMap((when) => when.match(/dataClusters\.\w+/g) ?? []);
    const known: readonly string[] = [...Object.values(contextKeys), VIEW_ID];
    expect([...new Set(named)].toSorted()).toEqual(known.toSorted());
  });

  it('name reasons for an empty view that the code gives', () => {
    const reasons = welcomes.flatMap(({ when }) => /welcome == (\w+)/.exec(String(when))?.[1] ?? []);
    const states = [0, 1].map((chosenFiles) => welcomeReason({ state: 'read', contexts: 0, chosenFiles }));
    expect(reasons.toSorted()).toEqual(states.toSorted());
  });

  const patterns = conditions.flatMap((when) => [...when.matchAll(/viewItem =~ \/(.*?)\/(?=\s|\)|$)/g)]);

  it('compare rows only with kinds and flags that rows have', () => {
    const comparisons = conditions.flatMap((when) => when.match(/viewItem/g) ?? []);
    expect(comparisons.length).toBeGreaterThan(5);
    expect(patterns).toHaveLength(comparisons.length);
    const words = new Set([...rowKinds.flatMap((kind) => kind.split('.')), ...Object.keys(rowFlags)]);
    for (const [text, pattern = ''] of patterns) {
      const unknown = (pattern.match(/[A-Za-z]{2,}/g) ?? []).filter((word) => !words.has(word));
      expect(unknown, text).toEqual([]);
    }
  });

  it('match some row each', () => {
    const values = rowKinds.flatMap((kind) => {
      const flags = Object.keys(rowFlags).filter(isRowFlag);
      return [contextValueOf({ kind, flags }), contextValueOf({ kind, flags: [] })];
    });
    for (const [text, pattern = ''] of patterns) {
      const found = values.filter((value) => new RegExp(pattern).test(value));
      expect(found.length, text).toBeGreaterThan(0);
    }
  });
});

function isRowFlag(name: string): name is RowFlag {
  return Object.hasOwn(rowFlags, name);
}

describe('the view of live clusters', () => {
  it('is the one of the code, in its own place', () => {
    const containers = asObjects(asObject(contributes['viewsContainers'])['activitybar']);
    expect(containers.map(({ id }) => id)).toEqual([VIEW_CONTAINER_ID]);
    const views = asObjects(asObject(contributes['views'])[VIEW_CONTAINER_ID]);
    expect(views.map(({ id }) => id)).toEqual([VIEW_ID]);
    for (const { view } of welcomes) expect(view).toBe(VIEW_ID);
  });

  it('offers only commands there are when it is empty', () => {
    const links = welcomes.flatMap(({ contents }) => String(contents).match(/command:[\w.]+/g) ?? []);
    const ofEditor = ['workbench.trust.manage', 'workbench.action.openSettings'];
    for (const link of links) expect([...knownCommands, ...ofEditor]).toContain(link.slice('command:'.length));
    for (const { contents } of welcomes) expect(contents).toContain(`command:${commandIds.openDemo}`);
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
  it('waits for a document that may be a manifest, or that an earlier window has left open', () => {
    const events = documentLanguages.map((language) => `onLanguage:${language}`);
    const kept = [`onFileSystem:${LIVE_SCHEME}`, `onWebviewPanel:${OPERATION_PAGE}`];
    expect(manifest['activationEvents']).toEqual([...events, ...kept]);
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
    'media/dataClusters.svg',
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
    const known = [...knownCommands, `${VIEW_ID}.focus`];
    for (const link of links) expect(known).toContain(link.slice(link.indexOf(':') + 1));
  });
});

describe('trust', () => {
  const capabilities = asObject(manifest['capabilities']);

  it('is declared: schemas and clusters that a workspace names wait for trust', () => {
    const untrusted = asObject(capabilities['untrustedWorkspaces']);
    expect(untrusted['supported']).toBe('limited');
    expect(untrusted['description']).toMatch(/executed/);
    expect(untrusted['description']).toMatch(/no cluster is connected/);
    const names = ['schemas', 'helmPath', 'kubeconfig', 'namespaces', 'inside'] as const;
    expect(untrusted['restrictedConfigurations']).toEqual(names.map(settingName));
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
