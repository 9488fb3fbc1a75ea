import type { TextRange } from '#core/text/range.ts';
import type { ScalarNode } from '#core/yaml/nodes.ts';

interface EmbeddedLine {
  /** Where the line begins in the text of the scalar, and in the document. */
  readonly inner: number;
  readonly outer: number;
  readonly length: number;
}

/** The text of a scalar that has a language of its own, with the way from its places to those of the document and back. */
export class EmbeddedText {
  readonly text: string;
  readonly #lines: readonly EmbeddedLine[];

  constructor(text: string, lines: readonly EmbeddedLine[]) {
    this.text = text;
    this.#lines = lines;
  }

  toDocument(offset: number): number {
    const line = this.#lines.findLast(({ inner }) => inner <= offset) ?? this.#lines[0];
    return line ? line.outer + Math.min(offset - line.inner, line.length) : 0;
  }

  /** Where a stretch of one line stands in the document. */
  toRange({ start, end }: TextRange): TextRange {
    return { start: this.toDocument(start), end: this.toDocument(end) };
  }

  /** Where an offset of the document stands in the text; undefined outside it and in its indentation. */
  fromDocument(offset: number): number | undefined {
    const line = this.#lines.find(({ outer, length }) => offset >= outer && offset <= outer + length);
    return line && line.inner + offset - line.outer;
  }
}

/** Undefined for texts that are not written as they are: folded, with escapes, or in quotes over several lines. */
export function readEmbedded(node: ScalarNode, documentText: string): EmbeddedText | undefined {
  const written = documentText.slice(node.range.start, node.range.end);
  if (node.style === 'literal') return readBlock(node, written);
  if (node.style === 'folded') return undefined;
  const quotes = node.style === 'plain' ? 0 : 1;
  if (written.slice(quotes, written.length - quotes) !== node.text) return undefined;
  return new EmbeddedText(node.text, [{ inner: 0, outer: node.range.start + quotes, length: node.text.length }]);
}

function readBlock(node: ScalarNode, written: string): EmbeddedText | undefined {
  const [, ...starts] = [0, ...[...written.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => index + end.length)];
  const lineAt = (start: number): string => /^[^\r\n]*/.exec(written.slice(start))?.[0] ?? '';
  const contents = node.text.split('\n');
  const first = contents.findIndex((content) => content.trim() !== '');
  const indent = first < 0 ? 0 : lineAt(starts[first] ?? 0).length - (contents[first] ?? '').length;
  const lines: EmbeddedLine[] = [];
  let inner = 0;
  for (const [index, content] of contents.entries()) {
    const start = starts[index];
    if (start === undefined) break;
    const line = lineAt(start);
    if (content !== line.slice(indent) && content.trim() !== '') return undefined;
    const skipped = Math.min(indent, line.length);
    lines.push({ inner, outer: node.range.start + start + skipped, length: content.length });
    inner += content.length + 1;
  }
  return new EmbeddedText(node.text, lines);
}
