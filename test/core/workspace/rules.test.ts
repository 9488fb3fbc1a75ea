import { describe, expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { makeEngine } from '#test/support/lint.ts';

type Files = Readonly<Record<string, string>>;

/** Codes of the findings of one file among others. */
async function codesOf(name: string, files: Files): Promise<readonly string[]> {
  const index = new WorkspaceIndex();
  for (const [path, text] of Object.entries(files)) index.update(`file:///w/${path}`, text);
  const place = { uri: `file:///w/${name}`, index };
  const { findings } = checkFile(files[name] ?? '', await makeEngine(), { path: name }, place);
  return findings.map(({ code }) => code);
}

const pod = (reference: string, namespace = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: api${namespace}}\nspec:\n  containers:\n  - name: a\n    image: example/b:1\n    env:\n    - name: A\n      valueFrom:\n        configMapKeyRef: ${reference}\n`;
const config = (name: string, data: string, namespace = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${namespace}}\ndata: {${data}}\n`;

describe('rules about objects among others', () => {
  const asks = pod('{name: settings, key: level}');

  test('find a key that another file lacks', async () => {
    expect(await codesOf('a.yaml', { 'a.yaml': asks, 'b.yaml': config('settings', 'levl: x') })).toEqual(['REF02']);
    expect(await codesOf('a.yaml', { 'a.yaml': asks, 'b.yaml': config('settings', 'level: x') })).toEqual([]);
  });

  test('say nothing of what is not in the workspace', async () => {
    expect(await codesOf('a.yaml', { 'a.yaml': asks })).toEqual([]);
  });

  test('look into the namespace of the object only', async () => {
    const here = pod('{name: settings, key: level}', ', namespace: here');
    const there = config('settings', 'color: x', ', namespace: there');
    expect(await codesOf('a.yaml', { 'a.yaml': here, 'b.yaml': there })).toEqual([]);
    const kustomization = 'namespace: one\nresources: [a.yaml, b.yaml]\n';
    expect(await codesOf('a.yaml', { 'a.yaml': here, 'b.yaml': there, 'kustomization.yaml': kustomization })).toEqual([
      'REF02',
    ]);
  });

  test('say nothing while a document that could matter is broken or a template', async () => {
    const files = { 'a.yaml': asks, 'b.yaml': config('settings', 'color: x') };
    const broken = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n data: {level: x}\n';
    expect(await codesOf('a.yaml', { ...files, 'c.yaml': broken })).toEqual([]);
    expect(await codesOf('a.yaml', { ...files, 'c.yaml': config('{{ .Values.name }}', 'level: x') })).toEqual([]);
    expect(await codesOf('a.yaml', { ...files, 'c.yaml': config('${NAME}', 'level: x') })).toEqual([]);
    expect(
      await codesOf('a.yaml', { ...files, 'c.yaml': config('{{ .x }}', 'a: b').replace('ConfigMap', 'Secret') }),
    ).toEqual(['REF02']);
  });

  test('say nothing where a kustomization may still change it', async () => {
    const files = { 'a.yaml': asks, 'b.yaml': config('settings', 'color: x') };
    const patched = 'resources: [a.yaml, b.yaml]\npatches: [{path: more.yaml}]\n';
    expect(await codesOf('a.yaml', { ...files, 'kustomization.yaml': patched })).toEqual([]);
    const merged =
      'resources: [a.yaml, b.yaml]\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [level=x]}]\n';
    expect(await codesOf('a.yaml', { ...files, 'kustomization.yaml': merged })).toEqual([]);
  });

  test('know what a kustomization generates, and under which names', async () => {
    const generated = 'resources: [a.yaml]\nconfigMapGenerator: [{name: settings, literals: [color=x]}]\n';
    expect(await codesOf('a.yaml', { 'a.yaml': asks, 'kustomization.yaml': generated })).toEqual(['REF02']);
    const prefixed = 'namePrefix: shop-\nresources: [c.yaml]\n';
    const files = { 'c.yaml': config('settings', 'a: b'), 'kustomization.yaml': prefixed };
    expect(await codesOf('a.yaml', { ...files, 'a.yaml': pod('{name: shop-settings, key: a}') })).toEqual([]);
    expect(await codesOf('a.yaml', { ...files, 'a.yaml': pod('{name: settigns, key: a}') })).toEqual(['REF01']);
  });

  test('prefer what is applied together', async () => {
    const files = {
      'dev/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'dev/a.yaml': asks,
      'dev/b.yaml': config('settings', 'color: x'),
      'prod/b.yaml': config('settings', 'level: x'),
    };
    expect(await codesOf('dev/a.yaml', files)).toEqual(['REF02']);
  });

  test('leave patches alone', async () => {
    const files = { 'patch.yaml': asks, 'b.yaml': config('settings', 'color: x') };
    expect(await codesOf('patch.yaml', files)).toEqual([]);
  });

  test('point at the other object in its file', async () => {
    const index = new WorkspaceIndex();
    const other = `${config('first', 'a: b')}---\n${config('settings', 'color: x')}`;
    index.update('file:///w/b.yaml', other);
    index.update('file:///w/a.yaml', asks);
    const { findings } = checkFile(asks, await makeEngine(), {}, { uri: 'file:///w/a.yaml', index });
    expect(findings[0]?.related).toMatchObject([
      { file: 'file:///w/b.yaml', lines: { start: { line: 7, character: 17 }, end: { line: 7, character: 25 } } },
    ]);
  });

  test('are not asked again while nothing they looked at changes', async () => {
    const index = new WorkspaceIndex();
    const engine = await makeEngine();
    const place = { uri: 'file:///w/a.yaml', index };
    index.edit(place.uri, asks);
    index.edit('file:///w/b.yaml', config('settings', 'color: x'));
    const { analysis } = checkFile(asks, engine, {}, place);
    index.edit('file:///w/c.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: c}\n');
    expect(engine.isCurrent(analysis, place)).toBe(false);
    checkFile(asks, engine, {}, place);
    index.edit('file:///w/c.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: d}\n');
    expect(engine.isCurrent(analysis, place)).toBe(true);
    index.edit('file:///w/b.yaml', config('settings', 'color: y'));
    expect(engine.isCurrent(analysis, place)).toBe(true);
    index.edit('file:///w/b.yaml', config('settings', 'level: y'));
    expect(engine.isCurrent(analysis, place)).toBe(false);
  });

  test('keep a suppression that only they need', async () => {
    const suppressed = asks.replace(
      '        configMapKeyRef',
      '        # data-clusters-disable-next-line REF02 later\n        configMapKeyRef',
    );
    expect(await codesOf('a.yaml', { 'a.yaml': suppressed, 'b.yaml': config('settings', 'color: x') })).toEqual([]);
    const alone = checkFile(suppressed, await makeEngine());
    expect(alone.findings).toEqual([]);
  });
});
