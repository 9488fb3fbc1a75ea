import { describe, expect, it } from 'vitest';
import { DocumentParser, splitDocuments } from '#core/yaml/documents.ts';
import { effectiveEntries, findEntry, nodeAt, resolveAlias, textAt } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

describe('splitDocuments', () => {
  it.each([
    ['one document', 'a: 1\n', ['a: 1\n']],
    ['a leading marker', '---\na: 1\n---\nb: 2\n', ['---\na: 1\n', '---\nb: 2\n']],
    ['comments before the first marker', '# c\n\n---\na: 1\n', ['# c\n\n---\na: 1\n']],
    ['a directive', '%YAML 1.1\n---\na: 1\n', ['%YAML 1.1\n---\na: 1\n']],
    ['windows line ends', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
    ['an indented marker in a block scalar', 'a: |\n  ---\n  x\n', ['a: |\n  ---\n  x\n']],
    ['content on the marker line', 'a: 1\n--- {b: 2}\n', ['a: 1\n', '--- {b: 2}\n']],
    ['dashes that are no marker', 'a: 1\n---b: 2\n', ['a: 1\n---b: 2\n']],
  ])('cuts %s', (_name, text, pieces) => {
    const ranges = splitDocuments(text);
    expect(ranges.map((range) => text.slice(range.start, range.end))).toEqual(pieces);
  });
});

describe('DocumentParser', () => {
  it('parses only documents whose text is new', () => {
    const parser = new DocumentParser();
    const before = parser.parseFile('a: 1\n---\nb: 2\n---\nc: 3\n');
    const after = parser.parseFile('a: 1\n---\nb: 20\n---\nc: 3\n');
    expect(after[0]?.document).toBe(before[0]?.document);
    expect(after[1]?.document).not.toBe(before[1]?.document);
    expect(after[2]?.document).toBe(before[2]?.document);
    expect(after[2]?.offset).toBe((before[2]?.offset ?? 0) + 1);
  });
});

describe('parseDocumentText', () => {
  it('places ranges exactly beside tabs, emoji and windows line ends', () => {
    const text = 'a: "🦊"\t# c\r\nb:\r\n  - {x: "é", y: z}\r\n';
    const { root } = parseDocumentText(text);
    const slice = (path: (string | number)[]): string | undefined => {
      const node = nodeAt(root, path);
      return node && text.slice(node.range.start, node.range.end);
    };
    expect(slice(['a'])).toBe('"🦊"');
    expect(slice(['b', 0])).toBe('{x: "é", y: z}');
    expect(slice(['b', 0, 'y'])).toBe('z');
  });

  it('follows aliases and merge keys, own keys first', () => {
    const { root } = parseDocumentText('base: &b {a: 1, c: 3}\nuse:\n  <<: *b\n  a: 2\n');
    expect(textAt(root, ['use', 'a'])).toBe('2');
    expect(textAt(root, ['use', 'c'])).toBe('3');
    const use = resolveAlias(nodeAt(root, ['use']));
    expect(use?.kind === 'map' && effectiveEntries(use).map((entry) => entry.key.text)).toEqual(['a', 'c']);
  });

  it('takes the last of a repeated key, as kubectl does', () => {
    const { root } = parseDocumentText('a: 1\na: 2\n');
    expect(root?.kind === 'map' && findEntry(root, 'a')?.value).toMatchObject({ text: '2' });
  });

  it('recovers a tree from broken text', () => {
    const document = parseDocumentText('kind: Pod\nspec:\n  containers:\n    - name: [a\n  nodeName: n\n');
    expect(document.problems.length).toBeGreaterThan(0);
    expect(document.recovered).toBe(true);
    expect(textAt(document.root, ['spec', 'nodeName'])).toBe('n');
  });

  it('answers an alias bomb with one problem', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++) {
      lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    }
    const document = parseDocumentText(`apiVersion: v1\n${lines.join('\n')}\n`);
    expect(document.problems).toHaveLength(1);
    expect(document.problems[0]?.code).toBe('alias');
  });

  it.each([
    ['brackets', `a: ${'['.repeat(10_000)}`],
    ['indentation', Array.from({ length: 10_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['dashes', '- '.repeat(10_000)],
  ])('answers 10,000 levels of %s with one problem', (_name, text) => {
    const document = parseDocumentText(text);
    expect(document.problems.map((problem) => problem.code)).toEqual(['limit']);
  });

  it('does not read a document of 50 million characters', () => {
    const document = parseDocumentText(`apiVersion: v1\ndata: ${'x'.repeat(50_000_000)}\n`);
    expect(document.problems.map((problem) => problem.code)).toEqual(['limit']);
  });
});
