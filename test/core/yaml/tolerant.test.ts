import { describe, expect, it } from 'vitest';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { readTolerant, type StrayBlock } from '#core/yaml/tolerant.ts';
import { nodeAt, textAt, type YamlNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** The tree without what the two readers may differ in: ranges, aliases' targets and explicit tags. */
function outline(node: YamlNode | undefined): unknown {
  if (node?.kind === 'map') return Object.fromEntries(node.entries.map((e) => [e.key.text, outline(e.value)]));
  if (node?.kind === 'sequence') return node.items.map((item) => outline(item.value));
  if (node?.kind === 'alias') return `*${node.name}`;
  return node?.kind === 'scalar' ? node.value : null;
}

const WELL_FORMED: Readonly<Record<string, string>> = {
  'nested maps and lists': 'a:\n  b:\n    - c: 1\n      d: two\n    - e\n  f: {g: [1, "x, y", {h: i}], j: }\n',
  'lists in the column of their key': 'ports:\n- name: a\n  port: 1\n- name: b\nnext: 1\n',
  'values on the next line': 'image:\n  example.org/cassandra:v13\ngrace:\n  1800\n',
  'block scalars': 'script: |\n  set -e\n  a: b\n    - c\n\n  end\nfolded: >-\n  one\n  two\nlast: x\n',
  'flow style over several lines': 'modes: [\n  "A",\n  B\n]\nmap: {a: 1,\n  b: 2}\nz: 1\n',
  'quotes and comments': `a: "x # no comment" # comment\nb: 'it''s: fine'\n"c d": 'e' # f\n# g: h\ni: j#k\n`,
  'anchors, aliases and merge keys': 'base: &base\n  a: 1\nother:\n  <<: *base\n  b: *base\n',
  'several dashes on a line': '- - a\n  - b\n- - c\n',
  'a marker line first': '# head\n---\na: 1\n',
  'windows line ends': 'a:\r\n  - b: 1\r\n    c: 2\r\nd: |\r\n  text\r\ne: 1\r\n',
  'characters beyond the first plane': 'name: "🦊 fox"\nother: 1\n',
  'empty values': 'a:\nb:\n  c:\n  d:\ne: ""\n',
};

describe('readTolerant', () => {
  it.each(Object.entries(WELL_FORMED))('reads %s like the parser', (_name, text) => {
    const parsed = parseDocumentText(text);
    expect(parsed.problems).toEqual([]);
    const tolerant = readTolerant(text);
    expect(outline(tolerant.root)).toEqual(outline(parsed.root));
    expect(tolerant.strays).toEqual([]);
  });

  it('gives ranges that cover the text of key and value', () => {
    const text = 'a:\n  b: "x y"   # c\n';
    const root = readTolerant(text).root;
    const value = nodeAt(root, ['a', 'b']);
    expect(value && text.slice(value.range.start, value.range.end)).toBe('"x y"');
  });

  it('keeps a key in the column of the dashes apart from the list', () => {
    const text = 'ports:\n  - port: 1\n  resources:\n    limits: {}\n  env:\n    - name: A\nnext: 1\n';
    const { root, strays } = readTolerant(text);
    expect(strays.map(describeStray)).toEqual(['resources@2 in sequence ports', 'env@2 in sequence ports']);
    expect(textAt(root, ['next'])).toBe('1');
  });

  it('nests strays that stand inside a stray', () => {
    const text = 'a:\n  - x: 1\n  b:\n    - y: 1\n    c: 2\n';
    const [stray] = readTolerant(text).strays;
    expect(stray && describeStray(stray)).toBe('b@2 in sequence a');
    expect(stray?.nested.map(describeStray)).toEqual(['c@4 in sequence ']);
  });

  it.each([
    ['a key too deep', 'metadata:\n  name: x\n    labels: {}\nspec: {}\n', ['labels@4 in map metadata']],
    ['a key between two levels', 'spec:\n    a: 1\n  b: 2\n', ['b@2 in map ']],
  ])('finds %s', (_name, text, expected) => {
    expect(readTolerant(text).strays.map(describeStray)).toEqual(expected);
  });

  it.each([
    ['an unclosed quote', 'a: "x\nb: 1\n', { b: { type: 'integer', value: 1 } }],
    ['an unclosed bracket', 'a: [1, 2\nb: 1\n', { b: { type: 'integer', value: 1 } }],
    ['a word without a colon', 'a: 1\nreplic\nb: 1\n', { b: { type: 'integer', value: 1 } }],
  ])('goes on after %s', (_name, text, expected) => {
    expect(outline(readTolerant(text).root)).toMatchObject(expected);
  });

  it('ends on any text', () => {
    for (const text of [
      '',
      '-',
      ':',
      '- - -',
      '{',
      '}}',
      '"',
      "'",
      '|',
      '&a',
      '*',
      '? a',
      '\t- a',
      '---',
      '...\na',
      '{a: [}',
      'a: {b: [c}',
      '[,,]',
      '{,}',
    ]) {
      expect(() => readTolerant(text)).not.toThrow();
    }
  });
});

function describeStray(stray: StrayBlock): string {
  const name = stray.entry?.key.text ?? 'item';
  return `${name}@${stray.column} in ${stray.containerKind} ${formatPath(stray.containerPath)}`;
}
