import { lineBreakAfter, lineStart } from '#core/lint/fixes/edits.ts';
import type { Entry, Item, LeafTree, MapTree, Tree } from '#core/migrate/tree.ts';
import type { TextRange } from '#core/text/range.ts';
import {
  effectiveEntries,
  isMergeKey,
  resolveAlias,
  type MapNode,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
} from '#core/yaml/nodes.ts';

/** Reads a document that parses. Aliases and merge keys are written out, flow style becomes block style where it is not on one line. */
export function readTree(text: string, root: MapNode): MapTree {
  return new TreeReader(text).map(root, isWhole(root));
}

/** Comments and blank lines between the last value and the end of the text. */
export function linesBehind(text: string, root: MapNode): readonly string[] {
  const from = lineBreakAfter(text, root.range.end);
  return text.slice(from).split(/\r\n|\n|\r/).slice(0, -1);
}

/** Whether a value says all it means where it stands, so that its lines can be taken as they are. */
function isWhole(node: YamlNode | undefined): boolean {
  if (!node) return true;
  if (node.kind === 'alias' || node.anchor !== undefined || node.tag !== undefined) return false;
  if (node.kind === 'scalar') return true;
  if (node.kind === 'sequence') return node.items.every(({ value }) => isWhole(value));
  return node.entries.every(({ key, value }) => !isMergeKey(key) && isWhole(value));
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
    const own = keepsLines && !node.flow;
    return {
      kind: 'map',
      entries: entries.map(({ key, value }): Entry => {
        const at = key.range.start;
        const isLeaf = value === undefined || value.kind === 'scalar';
        return {
          name: key.text,
          key: this.#slice(key.range),
          above: own ? this.#above(at) : [],
          trailing: own ? this.#trailing(isLeaf && value ? value.range.end : key.range.end, isLeaf) : '',
          value: value && this.#value(value, own, at),
        };
      }),
    };
  }

  #value(node: YamlNode, keepsLines: boolean, keyStart: number): Tree {
    const content = resolveAlias(node);
    const own = keepsLines && content === node;
    if (!content) return { kind: 'leaf', lines: ['null'], scalar: undefined };
    if (content.kind === 'scalar') return this.#leaf(content);
    const size = content.kind === 'map' ? content.entries.length : content.items.length;
    if (size === 0) return { kind: 'leaf', lines: [content.kind === 'map' ? '{}' : '[]'], scalar: undefined };
    return content.kind === 'map' ? this.map(content, own) : this.#list(content, own, keyStart);
  }

  #list(node: SequenceNode, keepsLines: boolean, keyStart: number): Tree {
    const own = keepsLines && !node.flow;
    const column = this.#column(node.items[0]?.range.start ?? node.range.start);
    return {
      kind: 'list',
      isIndented: !own || column > this.#column(keyStart),
      items: node.items.map(({ value, range }): Item => {
        const isScalar = value?.kind === 'scalar';
        return {
          above: own ? this.#above(range.start) : [],
          trailing: own && isScalar ? this.#trailing(range.end, true) : '',
          value: value && this.#value(value, own, range.start),
        };
      }),
    };
  }

  #leaf(scalar: ScalarNode): LeafTree {
    this.#last = scalar.range.end;
    const written = this.#slice(scalar.range);
    if (!/[\r\n]/.test(written)) return { kind: 'leaf', lines: [written], scalar };
    const [head = '', ...lines] = written.split(/\r\n|\n|\r/);
    const isBlock = scalar.style === 'literal' || scalar.style === 'folded';
    if (!isBlock || /\d/.test(head)) return { kind: 'leaf', lines: [JSON.stringify(scalar.text)], scalar };
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    return { kind: 'leaf', lines: [head, ...lines.map((line) => line.slice(indent))], scalar };
  }

  /** The whole lines of comments and nothing right above a key; none when something else shares its line. */
  #above(at: number): readonly string[] {
    const start = lineStart(this.#text, at);
    if (this.#text.slice(start, at).trim() !== '') return [];
    const lines: string[] = [];
    for (let end = start; end > this.#last; ) {
      const from = lineStart(this.#text, previousBreak(this.#text, end));
      const line = this.#text.slice(from, end).trimEnd();
      if (!/^\s*(?:#.*)?$/.test(line)) break;
      lines.unshift(line.trim() === '' ? '' : ' '.repeat(Math.max(0, line.search(/\S/) - (at - start))) + line.trim());
      end = from;
    }
    return lines;
  }

  #trailing(from: number, isLeaf: boolean): string {
    const rest = this.#text.slice(from, lineBreakAfter(this.#text, from)).trim();
    const [, comment = ''] = (isLeaf ? /^(?:: *)?(#.*)$/ : /^\s*:\s*(#.*)$/).exec(rest) ?? [];
    return comment;
  }

  #column(offset: number): number {
    return offset - lineStart(this.#text, offset);
  }

  #slice({ start, end }: TextRange): string {
    return this.#text.slice(start, end);
  }
}

function previousBreak(text: string, end: number): number {
  return end - (text[end - 1] === '\n' && text[end - 2] === '\r' ? 2 : 1);
}
