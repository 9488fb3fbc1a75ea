import { isMap, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml';
import { changed } from '#test/agreement/manifest.ts';

/** Ways to write the same object differently: nothing of what the server or we say may change. */
export const neutralChanges: Readonly<Record<string, (text: string) => string>> = {
  'keys in the reverse order': (text) => rewrite(text, reverseKeys),
  'every string in quotes': (text) => rewrite(text, quoteStrings),
  'everything in flow style': (text) =>
    `# A comment first, because kubectl reads a leading brace as JSON.\n${rewrite(text, makeFlow)}`,
  'a comment on every line': (text) =>
    text.includes('|') ? `# c\n${text}# c\n` : text.replaceAll(/(?<=[\w}\]"])$/gm, ' # c'),
  'windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'four blanks instead of two': (text) =>
    stringify(parseDocument(text).toJS(), { version: '1.1', indent: 4, lineWidth: 0 }),
  'lists in the column of their key': (text) =>
    stringify(parseDocument(text).toJS(), { version: '1.1', indentSeq: false, lineWidth: 0 }),
  'repeated values as aliases': (text) => aliasRepeats(text),
  JSON: (text) => JSON.stringify(parseDocument(text).toJS(), undefined, 2),
};

/** The base as it is written, for changes that keep its layout. */
export function neutralText(base: string, change: string): string {
  return (neutralChanges[change] ?? String)(stringify(changed(base, []), { version: '1.1', lineWidth: 0 }));
}

function rewrite(text: string, edit: (document: ReturnType<typeof parseDocument>) => void): string {
  const document = parseDocument(text, { version: '1.1' });
  edit(document);
  return document.toString({ lineWidth: 0 });
}

function reverseKeys(document: ReturnType<typeof parseDocument>): void {
  visit(document, {
    Map: (_key, map) => {
      map.items = map.items.toReversed();
    },
  });
}

function quoteStrings(document: ReturnType<typeof parseDocument>): void {
  visit(document, {
    Scalar: (key, scalar) => {
      if (key !== 'key' && typeof scalar.value === 'string') scalar.type = 'QUOTE_DOUBLE';
    },
  });
}

function makeFlow(document: ReturnType<typeof parseDocument>): void {
  visit(document, {
    Collection: (_key, collection) => {
      collection.flow = true;
    },
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'string' && scalar.type?.startsWith('BLOCK') === true) scalar.type = 'QUOTE_DOUBLE';
    },
  });
}

/** The first map of labels becomes an anchor, and equal maps after it aliases of it. */
function aliasRepeats(text: string): string {
  const document = parseDocument(text, { version: '1.1' });
  const seen = new Map<string, ReturnType<typeof document.createNode>>();
  visit(document, {
    Pair: (_key, pair) => {
      const { value } = pair;
      if (!(isMap(value) || isSeq(value)) || value.items.length === 0) return;
      const id = JSON.stringify(value.toJS(document));
      const first = seen.get(id);
      if (!first) seen.set(id, value);
      else if (!isScalar(first) && (isMap(first) || isSeq(first))) pair.value = document.createAlias(first);
    },
  });
  return document.toString({ lineWidth: 0 });
}
