import { describe, expect, test } from 'vitest';
import { readTree } from '#core/migrate/read.ts';
import { writeTree } from '#core/migrate/write.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { resolveAlias, type MapNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { goodManifests } from '#test/support/manifests.ts';

function rootOf(text: string): MapNode | undefined {
  const { root, problems } = parseDocumentText(text);
  const content = problems.length === 0 ? resolveAlias(root) : undefined;
  return content?.kind === 'map' ? content : undefined;
}

function rewritten(text: string): string {
  const root = rootOf(text);
  return root ? `${writeTree(readTree(text, root), 2).join('\n')}\n` : '';
}

describe('a manifest that is read and written', () => {
  test.each(goodManifests().map(({ name, text }) => [name, text] as const))('%s says the same', (_name, text) => {
    for (const { start, end } of splitDocuments(text)) {
      const part = text.slice(start, end);
      const root = rootOf(part);
      if (!root) continue;
      const again = rewritten(part);
      expect(toPlainValue(rootOf(again))).toEqual(toPlainValue(root));
      expect(rewritten(again)).toBe(again);
    }
  });

  test('is the same text when it is written as most people do', () => {
    const text = `# What it is.
apiVersion: v1 # one
kind: ConfigMap

metadata:
  # Its name.
  name: "a"
  labels: {a: b, 'c': "d"} # in a row
data:
  # No comment of a key.
  file: |
    # a line of the file
    key: value

    other
  folded: >-
    one
    two
  # Of the list.
  list:
    - one # first
    - - nested
      - {x: 1}
    # Before the third.
    - key: 1
      # Inside.
      other: []
  empty:
`;
    expect(rewritten(text)).toBe(text);
  });
});
