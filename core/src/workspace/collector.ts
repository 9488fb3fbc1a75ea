import { LineIndex } from '#core/text/lines.ts';
import type { TextRange } from '#core/text/range.ts';
import type { FactPlace, Occurrence } from '#core/workspace/facts.ts';
import { resolveAlias, type ScalarNode, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** The object whose words are collected. */
export interface CollectedObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly root: YamlNode | undefined;
  /** Steps from the root of the document to the object. */
  readonly base: YamlPath;
}

export type OccurrenceParts = Pick<Occurrence, 'symbol' | 'role'> &
  Partial<Pick<Occurrence, 'target' | 'owner' | 'namespace' | 'isOptional' | 'isNeededToStart'>>;

/** Takes note of names and remembers where in the document they stand. */
export class FactCollector {
  readonly occurrences: Occurrence[] = [];
  readonly #text: string;
  #lines: LineIndex | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  place(range: TextRange): FactPlace {
    this.#lines ??= new LineIndex(this.#text);
    return { range, lines: this.#lines.toPositions(range) };
  }

  /** Adds the name a scalar holds, unless a program fills it in. */
  add(node: YamlNode | undefined, path: YamlPath, parts: OccurrenceParts): void {
    const scalar = readName(node);
    if (scalar) this.addAt(innerRange(scalar), scalar.text, formatPath(path), parts);
  }

  /** Adds a name by its place. */
  addAt(range: TextRange, name: string, path: string, parts: OccurrenceParts): void {
    this.occurrences.push({
      target: '',
      owner: '',
      namespace: undefined,
      isOptional: false,
      isNeededToStart: false,
      ...parts,
      name,
      path,
      isVerbatim: this.isVerbatim(range, name),
      ...this.place(range),
    });
  }

  isVerbatim({ start, end }: TextRange, text: string): boolean {
    return this.#text.slice(start, end) === text;
  }

  /** Finds names inside longer texts of the document: the group of the pattern is the name. */
  addMatches(pattern: RegExp, parts: OccurrenceParts): void {
    for (const match of this.#text.matchAll(pattern)) {
      const [, lead = '', name = ''] = match;
      const start = match.index + lead.length;
      this.addAt({ start, end: start + name.length }, name, '', parts);
    }
  }
}

/** The scalar behind aliases when it holds a name that is known here. */
export function readName(node: YamlNode | undefined): ScalarNode | undefined {
  const scalar = resolveAlias(node);
  if (scalar?.kind !== 'scalar' || scalar.value.type !== 'string') return undefined;
  return scalar.text === '' || isPlaceholder(scalar.text) ? undefined : scalar;
}

/** A scalar without its quotes. */
export function innerRange({ range, style }: ScalarNode): TextRange {
  return style === 'single' || style === 'double' ? { start: range.start + 1, end: range.end - 1 } : range;
}

/** Whether a program fills in the text: a variable of a shell, an action of a template. */
export function isPlaceholder(text: string): boolean {
  return /\$[{(]|\{\{|^<[^>]*>$/.test(text);
}
