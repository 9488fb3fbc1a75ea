import type { TextRange } from '#core/text/range.ts';

/** A place in a text as editors count: line and UTF-16 character, both from 0. */
export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Translates between offsets and line positions. A line ends with `\n`, `\r\n` or a lone `\r`. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    this.#starts = findLineStarts(text);
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a line; the length of the text for a line after the last. */
  startOf(line: number): number {
    return this.#starts[line] ?? this.#length;
  }

  lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): LinePosition {
    const line = this.lineOf(offset);
    return { line, character: offset - this.startOf(line) };
  }

  /** Clamps a character behind the end of its line to the start of the next line. */
  offsetAt(position: LinePosition): number {
    return Math.min(this.startOf(position.line) + position.character, this.startOf(position.line + 1));
  }

  toPositions(range: TextRange): { start: LinePosition; end: LinePosition } {
    return { start: this.positionAt(range.start), end: this.positionAt(range.end) };
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
    if (code === 13 || code === 10) starts.push(i + 1);
  }
  return starts;
}
