import type { TextRange } from '#core/text/range.ts';
import { parseDocumentText, type YamlDocument } from '#core/yaml/parse.ts';

/** One YAML document of a file and where it stands in it. `document` is shared between files with the same text. */
export interface DocumentSlice {
  /** Position among the documents of the file, from 0. */
  readonly index: number;
  /** Offset of the document's text in the file; add it to any range of `document`. */
  readonly offset: number;
  readonly document: YamlDocument;
}

/** Parses files document by document and parses a document again only when its text is new. */
export class DocumentParser {
  #previous = new Map<string, YamlDocument>();
  #current = new Map<string, YamlDocument>();
  readonly #capacity: number;

  /** @param capacity documents remembered in each of two generations */
  constructor(capacity = 2_000) {
    this.#capacity = capacity;
  }

  parseFile(text: string): readonly DocumentSlice[] {
    return splitDocuments(text).map((range, index) => ({
      index,
      offset: range.start,
      document: this.#parse(text.slice(range.start, range.end)),
    }));
  }

  #parse(text: string): YamlDocument {
    const known = this.#current.get(text) ?? this.#previous.get(text);
    const document = known ?? parseDocumentText(text);
    if (!this.#current.has(text)) this.#remember(text, document);
    return document;
  }

  #remember(text: string, document: YamlDocument): void {
    if (this.#current.size >= this.#capacity) {
      this.#previous = this.#current;
      this.#current = new Map();
    }
    this.#current.set(text, document);
  }
}

/**
 * Cuts a text at its document markers. Each piece begins with its own `---` line, if it has one, so the pieces joined are the text.
 * A marker counts only in column 0, as YAML says, even inside a block scalar.
 */
export function splitDocuments(text: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  let start = 0;
  for (const marker of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    if (marker.index === start || isOnlyPreamble(text.slice(start, marker.index))) continue;
    ranges.push({ start, end: marker.index });
    start = marker.index;
  }
  ranges.push({ start, end: text.length });
  return ranges;
}

/** Finds the document an offset stands in; a position right before a `---` line belongs to the document above it. */
export function findSlice(slices: readonly DocumentSlice[], offset: number): DocumentSlice | undefined {
  const found = slices.findLast((slice) => slice.offset <= offset);
  return found ?? slices[0];
}

/** Comments, blank lines, directives and an empty `---` before the marker do not make a document of their own. */
function isOnlyPreamble(text: string): boolean {
  return /^(?:(?:\uFEFF)?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)|%[^\r\n]*(?:\r\n|\r|\n))*$/.test(text);
}
