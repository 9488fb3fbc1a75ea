import { describe, expect, test } from 'vitest';
import { emptyConfig, parseProjectConfig, settingsForFile } from '#core/lint/config.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { disableInConfig } from '#core/lint/suppressionEdits.ts';
import { LineIndex } from '#core/text/lines.ts';
import { applyEdits } from '#core/text/range.ts';

const codes = new Set(['DEC04', 'DEC05', 'POD17']);
const parse = (text: string) => parseProjectConfig(text, codes);

/** Problems as `line:character message`, both from 1. */
function problemsOf(text: string): string[] {
  const lines = new LineIndex(text);
  return parse(text).problems.map(({ message, range }) => {
    const { line, character } = lines.positionAt(range.start);
    return `${line + 1}:${character + 1} ${message}`;
  });
}

test('every setting is read', () => {
  const { config, problems } = parse(`
kubernetesVersion: 1.30
schemas: [crds, ../shared/crds.yaml]
rules:
  DEC04: off
  POD17: warning
ignore:
  - vendor/**
overrides:
  - files: ["dev/**"]
    kubernetesVersion: v1.33.4
    rules: { POD17: hint }
`);
  expect(problems).toEqual([]);
  expect(config).toEqual({
    kubernetesVersion: '1.30',
    schemas: ['crds', '../shared/crds.yaml'],
    rules: { DEC04: 'off', POD17: 'warning' },
    ignore: ['vendor/**'],
    overrides: [{ files: ['dev/**'], kubernetesVersion: '1.33', rules: { POD17: 'hint' } }],
  });
});

test('an empty file and one of comments set nothing', () => {
  for (const text of ['', '# later\n', 'rules:\nignore:\n']) {
    expect(parse(text)).toEqual({ config: emptyConfig, problems: [] });
  }
});

describe('mistakes are told with their place and what to do', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['kubernetesversion: 1.33', '1:1 `kubernetesversion` is no setting. Did you mean `kubernetesVersion`?'],
    ['rules:\n  DEC40: off', '2:3 There is no rule `DEC40`. Did you mean `DEC04`?'],
    ['rules:\n  DEC04: no', '2:10 The level of DEC04 must be one of error, warning, hint, off.'],
    ['rules: [DEC04]', '1:8 `rules` must be a map of keys and values.'],
    ['ignore: vendor', '1:9 `ignore` must be a list.'],
    ['ignore:\n  - [a]', '2:5 Every item of `ignore` must be a text.'],
    ['kubernetesVersion: newest', '1:20 `newest` is no version of Kubernetes. Write its minor version, as in "1.34".'],
    ['overrides:\n  - rules: {}', '2:5 An override needs `files`, a list of globs that say where it counts.'],
    ['- a', '1:1 The file must be a map of keys and values.'],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => expect(problemsOf(text)).toEqual([expected]));
  }

  test('text that is no YAML', () => expect(problemsOf('rules: [').length).toBeGreaterThan(0));
});

test('overrides count in their order for the files they name', () => {
  const { config } = parse(`
rules: { DEC04: warning }
overrides:
  - { files: [dev/**], rules: { DEC04: hint, DEC05: off } }
  - { files: [dev/special.yaml], kubernetesVersion: "1.31", rules: { DEC04: error } }
`);
  const matches = (path: string, globs: readonly string[]): boolean =>
    globs.some((glob) => glob === path || (glob.endsWith('/**') && path.startsWith(glob.slice(0, -2))));
  const levels = (path: string) => settingsForFile(defaultLintSettings, config, path, matches);
  expect(levels('prod/a.yaml')).toEqual({ ...defaultLintSettings, rules: { DEC04: 'warning' } });
  expect(levels('dev/a.yaml').rules).toEqual({ DEC04: 'hint', DEC05: 'off' });
  expect(levels('dev/special.yaml')).toEqual({ kubernetesVersion: '1.31', rules: { DEC04: 'error', DEC05: 'off' } });
});

describe('switching a rule off in a configuration', () => {
  const cases: Readonly<Record<string, string>> = {
    '': 'rules:\n  DEC04: off\n',
    'ignore: [a]': 'ignore: [a]\nrules:\n  DEC04: off\n',
    'rules:\n    DEC05: hint\nignore: []\n': 'rules:\n    DEC05: hint\n    DEC04: off\nignore: []\n',
    'rules:\n  DEC04: hint # for now\n': 'rules:\n  DEC04: off # for now\n',
    'rules:\r\n  DEC05: hint': 'rules:\r\n  DEC05: hint\r\n  DEC04: off\r\n',
  };
  for (const [before, after] of Object.entries(cases)) {
    test(`in ${JSON.stringify(before)}`, () => {
      const edit = disableInConfig(before, 'DEC04');
      const result = applyEdits(before, edit ? [edit] : []);
      expect(result).toBe(after);
      expect(parse(result).config.rules['DEC04']).toBe('off');
    });
  }

  test('is not done where it would break the file', () => {
    expect(disableInConfig('rules: [', 'DEC04')).toBeUndefined();
    expect(disableInConfig('rules: { DEC05: off }', 'DEC04')).toBeUndefined();
  });
});
