import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingName } from '#client/contributions.ts';
import { ruleTable } from '#core/lint/codes.ts';
import { parseProjectConfig } from '#core/lint/config.ts';
import { settingsTable } from '#core/settings.ts';

const readme = readFileSync('README.md', 'utf8');
const knownCodes = new Set(ruleTable.map(({ id }) => id));

describe('the README', () => {
  test('begins with the two commands, and a script stands behind each', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
    const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(manifest).toHaveProperty('scripts.start');
    expect(manifest).toHaveProperty('scripts.test');
  });

  test('has every setting, and no other', () => {
    const rows = [...readme.matchAll(/^\| `(dataClusters\.[\w.]+)` \|/gm)].map(([, name = '']) => name);
    expect(rows).toEqual(settingsTable.map(({ key }) => settingName(key)));
  });

  test('shows a configuration that is read without a problem', () => {
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
    const { config, problems } = parseProjectConfig(example, knownCodes);
    expect(problems).toEqual([]);
    expect(config.overrides).toHaveLength(1);
  });

  test('names only rules there are', () => {
    const named = readme.match(/\b[A-Z]{3,4}\d{2}\b/g) ?? [];
    expect(named.filter((code) => !knownCodes.has(code))).toEqual([]);
  });
});

describe('a document of the project', () => {
  const documents = [
    ...readdirSync('.').filter((name) => name.endsWith('.md')),
    ...['docs', 'media', 'samples', 'schemas'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => path.join(folder, name)),
    ),
  ];

  test.each(documents)('%s links only to what is there', (file) => {
    const text = readFileSync(file, 'utf8').replaceAll(/```[^]*?```/g, '');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const missing = targets
      .filter((target) => !/^(?:https?|command):/.test(target))
      .filter((target) => !existsSync(path.join(path.dirname(file), target)));
    expect(missing).toEqual([]);
  });

  test('is there for readers, contributors and users', () => {
    const wanted = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
    expect(wanted.filter((name) => !documents.includes(name))).toEqual([]);
    expect(readFileSync('LICENSE', 'utf8')).toContain('Apache License');
  });
});
