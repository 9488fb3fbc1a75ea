import { lineBreakAfter, lineStart } from '#core/lint/fixes/edits.ts';
import {
  plainOrQuoted,
  type Entry,
  type Item,
  type LeafTree,
  type ListTree,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';
import { signatureOf } from '#core/migrate/write.ts';
import type { TextRange } from '#core/text/range.ts';
import {
  effectiveEntries,
  resolveAlias,
  type MapNode,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
} from '#core/yaml/nodes.ts';

/** Reads a document that parses. Aliases and merge keys are written out, flow style becomes block style where it is not on one line. */
export function readTree(text: string, root: MapNode): MapTree {
  return new TreeReader(text).map(root, true);
}

/** Comments and blank lines between the last value and the end of the text. */
export function linesBehind(text: string, root: MapNode): readonly string[] {
  const from = lineBreakAfter(text, root.range.end);
  return text
    .slice(from)
    .split(/\r\n|\n|\r/)
    .slice(0, -1);
}

class TreeReader {
  readonly #text: string;
  /** End of the value read last; comments above a key begin behind it. */
  #last = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @param keepsLines whether the lines around the entries are those of this map, and not of an alias elsewhere */
  map(node: MapNode, keepsLines: boolean): MapTree {
    const seen = new Set<string>();
    const entries = effectiveEntries(node)
      .toReversed()
      .filter(({ key }) => !seen.has(key.text) && seen.add(key.text))
      .toReversed();
    return {
      kind: 'map',
      entries: entries.map((entry): Entry => {
        const { key, value } = entry;
        const own = keepsLines && !node.flow && node.entries.includes(entry);
        const at = key.range.start;
        return {
          name: key.text,
          key: own ? this.#slice(key.range) : plainOrQuoted(key.text),
          above: own ? this.#above(at) : [],
          trailing: own ? this.#trailingOf(key.range.end, value) : '',
          value: value && this.#value(value, own, at),
        };
      }),
    };
  }

  #value(node: YamlNode, keepsLines: boolean, keyStart: number): Tree {
    const content = resolveAlias(node);
    const own = keepsLines && content === node;
    if (keepsLines) this.#last = Math.max(this.#last, this.#startOf(node));
    if (!content) return { kind: 'leaf', lines: ['null'], scalar: undefined };
    if (content.kind === 'scalar') return this.#leaf(content, own);
    const size = content.kind === 'map' ? content.entries.length : content.items.length;
    if (size === 0) return { kind: 'leaf', lines: [content.kind === 'map' ? '{}' : '[]'], scalar: undefined };
    const tree = content.kind === 'map' ? this.map(content, own) : this.#list(content, own, keyStart);
    if (own && content.flow) this.#last = content.range.end;
    return this.#withText(tree, content);
  }

  /** Flow style on one line stays as it is written for as long as it says the same. */
  #withText(tree: MapTree | ListTree, node: MapNode | SequenceNode): MapTree | ListTree {
    const text = this.#slice(node.range);
    if (!node.flow || /[\r\n&*!]/.test(text)) return tree;
    return { ...tree, written: { text, signature: signatureOf(tree) } };
  }

  /** Up to where a value fills its lines by itself: all of it in flow style, its first character otherwise. */
  #startOf(node: YamlNode): number {
    const isOneLine = node.kind === 'alias' || node.kind === 'scalar';
    return isOneLine ? node.range.end : this.#last;
  }

  #list(node: SequenceNode, keepsLines: boolean, keyStart: number): ListTree {
    const own = keepsLines && !node.flow;
    const column = this.#column(node.items[0]?.range.start ?? node.range.start);
    return {
      kind: 'list',
      isIndented: !own || column > this.#column(keyStart),
      items: node.items.map(({ value, range }): Item => {
        const isOneLine = value && isInline(value);
        return {
          above: own ? this.#above(range.start) : [],
          trailing: own && isOneLine ? this.#trailing(range.end) : '',
          value: value && this.#value(value, own, range.start),
        };
      }),
    };
  }

  #leaf(scalar: ScalarNode, own: boolean): LeafTree {
    if (own) this.#last = scalar.range.end;
    if (scalar.tag !== undefined) {
      const line = scalar.value.type === 'string' ? JSON.stringify(scalar.text) : scalar.text;
      return { kind: 'leaf', lines: [line === '' ? 'null' : line], scalar };
    }
    const written = this.#slice(scalar.range);
    if (!/[\r\n]/.test(written)) return { kind: 'leaf', lines: [written], scalar };
    const [head = '', ...lines] = written.split(/\r\n|\n|\r/);
    const isBlock = scalar.style === 'literal' || scalar.style === 'folded';
    // What depends on its blank lines or says its own indentation is written out.
    if (!isBlock || /[\d+]/.test(head)) return { kind: 'leaf', lines: [JSON.stringify(scalar.text)], scalar };
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    return { kind: 'leaf', lines: [head, ...lines.map((line) => line.slice(indent))], scalar };
  }

  /** The whole lines of comments and nothing right above a key; none when something else shares its line. */
  #above(at: number): readonly string[] {
    const start = lineStart(this.#text, at);
    if (this.#text.slice(start, at).trim() !== '') return [];
    const lines: string[] = [];
    for (let end = start; end > this.#last;) {
      const from = lineStart(this.#text, previousBreak(this.#text, end));
      const line = this.#text.slice(from, end).trimEnd();
      if (from < this.#last || !/^\s*(?:#.*)?$/.test(line)) break;
      lines.unshift(line.trim() === '' ? '' : ' '.repeat(Math.max(0, line.search(/\S/) - (at - start))) + line.trim());
      end = from;
    }
    return lines;
  }

  /** A comment on the line of a key: behind its value, or behind the colon when the value stands below. */
  #trailingOf(keyEnd: number, value: YamlNode | undefined): string {
    if (value && isInline(value)) return this.#trailing(value.range.end);
    const rest = this.#text.slice(keyEnd, lineBreakAfter(this.#text, keyEnd)).trim();
    const isBlock = value?.kind === 'scalar';
    return isBlock ? '' : (/^:\s*(?:&\S+\s+)?(#.*)$/.exec(rest)?.[1] ?? '');
  }

  #trailing(from: number): string {
    const rest = this.#text.slice(from, lineBreakAfter(this.#text, from)).trim();
    return rest.startsWith('#') ? rest : '';
  }

  #column(offset: number): number {
    return offset - lineStart(this.#text, offset);
  }

  #slice({ start, end }: TextRange): string {
    return this.#text.slice(start, end);
  }
}

function isInline(node: YamlNode): boolean {
  if (node.kind === 'alias') return true;
  return node.kind === 'scalar' ? node.style !== 'literal' && node.style !== 'folded' : node.flow;
}

function previousBreak(text: string, end: number): number {
  return end - (text[end - 1] === '\n' && text[end - 2] === '\r' ? 2 : 1);
}
