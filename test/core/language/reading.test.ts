import type { DocumentSymbol, FoldingRange, SelectionRange } from 'vscode-languageserver-types';
import { describe, expect, test } from 'vitest';
import { codeLensesOf } from '#core/language/codeLenses.ts';
import { foldingOf } from '#core/language/folding.ts';
import { outlineOf } from '#core/language/outline/outline.ts';
import { selectionAt } from '#core/language/selection.ts';
import { sample } from '#test/support/manifests.ts';
import { makeView, splitAtMark } from '#test/support/view.ts';

const text = `# What this is:
# two objects.
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  server.properties: |
    a=1
    b=2

  other: x
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: shop}
spec:
  kafka:
    listeners:
    - name: plain
      port: 9092
    - name: tls
      port: 9093
`;

function names(symbols: readonly DocumentSymbol[]): unknown[] {
  return symbols.map(({ name, detail, children }) =>
    children && children.length > 0 ? [name, detail, names(children)] : [name, detail],
  );
}

function lines({ startLine, endLine, kind }: FoldingRange): string {
  return `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`;
}

describe('outline', () => {
  test('names objects by kind and name, and the parts people look for', async () => {
    expect(names(outlineOf(await makeView(text)))).toEqual([
      [
        'ConfigMap/settings',
        'v1',
        [
          ['server.properties', 'data'],
          ['other', 'data'],
        ],
      ],
      [
        'Kafka/shop',
        'kafka.strimzi.io/v1',
        [
          [
            'kafka',
            'brokers',
            [
              ['plain', 'listener 9092'],
              ['tls', 'listener 9093'],
            ],
          ],
        ],
      ],
    ]);
  });

  test('keeps the selection inside the range, in broken text too', async () => {
    for (const source of [text, sample('cassandra-slide.yaml'), sample('cassandra-slide-nested.yaml')]) {
      const symbols = outlineOf(await makeView(source));
      expect(symbols.length).toBeGreaterThan(0);
      for (const symbol of flatten(symbols)) expect(isInside(symbol)).toBe(true);
    }
  });

  test('is empty for other YAML', async () => {
    expect(outlineOf(await makeView('on: push\njobs:\n  containers:\n  - name: a\n'))).toEqual([]);
  });
});

function flatten(symbols: readonly DocumentSymbol[]): DocumentSymbol[] {
  return symbols.flatMap((symbol) => [symbol, ...flatten(symbol.children ?? [])]);
}

function isInside({ range, selectionRange }: DocumentSymbol): boolean {
  const place = ({ line, character }: { line: number; character: number }): number => line * 10_000 + character;
  return place(range.start) <= place(selectionRange.start) && place(selectionRange.end) <= place(range.end);
}

describe('folding', () => {
  test('folds comments, documents, blocks and block scalars, and never the line after', async () => {
    expect(foldingOf(await makeView(text)).map(lines)).toEqual([
      '0-11',
      '4-5',
      '6-11',
      '7-9',
      '12-22',
      '16-22',
      '17-22',
      '18-22',
      '19-20',
      '21-22',
    ]);
    expect(foldingOf(await makeView(`key: 1\n${text.slice(0, 30)}`)).map(lines)).toEqual(['1-2 comment']);
  });
});

describe('selection', () => {
  test('grows from the word to the file, each range inside the next', async () => {
    const marked = splitAtMark(text.replace('port: 9093', 'port: 90^93'), '^');
    const grown: string[] = [];
    const view = await makeView(marked.text);
    for (let at: SelectionRange | undefined = selectionAt(view, marked.offset); at; at = at.parent) {
      grown.push(marked.text.slice(view.lines.offsetAt(at.range.start), view.lines.offsetAt(at.range.end)));
    }
    expect(grown.slice(0, 4)).toEqual([
      '9093',
      'port: 9093',
      'name: tls\n      port: 9093',
      '- name: tls\n      port: 9093',
    ]);
    expect(grown.at(-1)).toBe(marked.text);
    for (const [index, part] of grown.entries()) if (index > 0) expect(part).toContain(grown[index - 1]);
  });
});

describe('code lenses', () => {
  test('stand above the first object that can be cured, and nowhere else', async () => {
    expect(codeLensesOf(await makeView(text))).toEqual([]);
    const [lens] = codeLensesOf(await makeView(sample('cassandra-slide.yaml')));
    expect(lens?.command?.title).toMatch(/^Fix \d+ findings in this file$/);
    expect(lens?.command?.command).toBe('dataClusters.fixAll');
  });
});
