import { describe, expect, test } from 'vitest';
import { SCOPE_TOPIC, UNREAD_TOPIC, WorkspaceIndex } from '#core/workspace/index.ts';

const config = (name: string, data = 'level: info'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;

const uri = (path: string): string => `file:///w/${path}`;

function indexOf(files: Readonly<Record<string, string>>): WorkspaceIndex {
  const index = new WorkspaceIndex();
  for (const [path, text] of Object.entries(files)) index.update(uri(path), text);
  return index;
}

const names = (index: WorkspaceIndex, kind = 'ConfigMap'): readonly string[] =>
  index.ofKind(kind).map(({ name }) => name);

describe('what the index knows', () => {
  test('objects of files with several documents, and of lists', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`;
    const index = indexOf({ 'a.yaml': `${config('a')}---\n${config('b')}`, 'list.yaml': list });
    expect(names(index)).toEqual(['a', 'b', 'c']);
    expect(index.named('ConfigMap', 'b')[0]).toMatchObject({ line: 4, dataKeys: ['level'] });
    expect(index.named('ConfigMap', 'c')[0]?.prefix).toBe('items[0]');
  });

  test('JSON, but no other YAML', () => {
    const json = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}';
    expect(names(indexOf({ 'a.yaml': json, 'values.yaml': 'kind: ConfigMap\nname: b\n' }))).toEqual(['a']);
  });

  test('never a value of a Secret', () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2}\ndata: {token: aHVudGVyMg==}\n';
    expect(JSON.stringify(indexOf({ 'a.yaml': secret }).all())).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  test('no names of Helm templates, which are noted as unread', () => {
    const index = indexOf({ 't.yaml': config('{{ .Release.Name }}-a') });
    expect(names(index)).toEqual([]);
    expect(index.hasUnread('ConfigMap')).toBe(true);
    expect(index.hasUnread('Secret')).toBe(false);
  });

  test('no patches of a kustomization as objects of their own', () => {
    const index = indexOf({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: more.yaml}]\n',
      'a.yaml': config('a'),
      'more.yaml': config('a', 'color: red'),
    });
    expect(index.ofKind('ConfigMap').map(({ dataKeys }) => dataKeys)).toEqual([['level']]);
    expect(index.graph.scopeOf(uri('a.yaml'))).toMatchObject({ isKustomized: true, isWhole: true, isPatched: true });
  });

  test('what a kustomization generates', () => {
    const index = indexOf({
      'kustomization.yaml':
        'configMapGenerator:\n- name: made\n  literals: [A=1, B=2]\n  files: [conf/c.txt, d=e.txt]\nsecretGenerator:\n- {name: hidden, envs: [.env]}\n',
    });
    expect(index.named('ConfigMap', 'made')[0]).toMatchObject({ dataKeys: ['A', 'B', 'c.txt', 'd'], hasAllKeys: true });
    expect(index.named('Secret', 'hidden')[0]).toMatchObject({ dataKeys: [], hasAllKeys: false });
  });

  test('namespaces and name prefixes that kustomizations give, also those further out', () => {
    const index = indexOf({
      'base/kustomization.yaml': 'namePrefix: a-\nresources: [config.yaml]\n',
      'base/config.yaml': config('c'),
      'prod/kustomization.yaml': 'namespace: prod\nnameSuffix: -z\nresources: [../base, extra.yaml]\n',
      'prod/extra.yaml': config('extra'),
    });
    expect(index.graph.namespacesOf(uri('base/config.yaml'))).toEqual(['prod']);
    expect(index.graph.affixesOf(uri('base/config.yaml'))).toEqual([
      { prefix: 'a-', suffix: '' },
      { prefix: 'a-', suffix: '-z' },
    ]);
    expect(index.graph.scopeOf(uri('base/config.yaml')).uris).toContain(uri('prod/extra.yaml'));
  });

  test('a kustomization with something from elsewhere is not whole', () => {
    const whole = (kustomization: string): boolean =>
      indexOf({ 'kustomization.yaml': kustomization, 'a.yaml': config('a') }).graph.scopeOf(uri('a.yaml')).isWhole;
    expect(whole('resources: [a.yaml]\n')).toBe(true);
    expect(whole('resources: [a.yaml, gone.yaml]\n')).toBe(false);
    expect(whole('resources: [a.yaml, https://example.org/b.yaml]\n')).toBe(false);
    expect(whole('resources: [a.yaml]\nhelmCharts: [{name: x}]\n')).toBe(false);
  });

  test('kustomizations in a circle end', () => {
    const index = indexOf({
      'a/kustomization.yaml': 'resources: [../b, x.yaml]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
      'a/x.yaml': config('x'),
    });
    expect(index.graph.scopeOf(uri('a/x.yaml')).uris.size).toBeGreaterThan(1);
  });

  test('no more than five thousand files', () => {
    const index = new WorkspaceIndex();
    for (let count = 0; count < 5_001; count++) index.update(uri(`${count}.yaml`), 'a: b\n');
    expect([index.size, index.isWhole]).toEqual([5_000, false]);
  });
});

describe('what counts as a change', () => {
  test('a name, a key or a label of an object, and not that it moves', () => {
    const index = indexOf({ 'a.yaml': config('a') });
    const before = index.generationOf('ConfigMap');
    index.edit(uri('a.yaml'), `# moved\n\n${config('a')}`);
    expect(index.generationOf('ConfigMap')).toBe(before);
    expect(index.named('ConfigMap', 'a')[0]?.namePlace.lines.start.line).toBe(4);
    index.edit(uri('a.yaml'), config('a', 'level: other'));
    expect(index.generationOf('ConfigMap')).toBe(before);
    index.edit(uri('a.yaml'), config('a', 'color: red'));
    expect(index.generationOf('ConfigMap')).toBeGreaterThan(before);
  });

  test('only of the kind that changed', () => {
    const index = indexOf({ 'a.yaml': config('a'), 's.yaml': config('s').replace('ConfigMap', 'Secret') });
    const before = [index.generationOf('Secret'), index.generationOf(SCOPE_TOPIC), index.generationOf(UNREAD_TOPIC)];
    index.edit(uri('a.yaml'), config('b'));
    expect([index.generationOf('Secret'), index.generationOf(SCOPE_TOPIC), index.generationOf(UNREAD_TOPIC)]).toEqual(
      before,
    );
  });

  test('that a file is gone', () => {
    const index = indexOf({ 'a.yaml': config('a') });
    expect(names(index)).toEqual(['a']);
    index.remove(uri('a.yaml'));
    expect(names(index)).toEqual([]);
  });
});
