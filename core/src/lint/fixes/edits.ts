import type { Fix } from '#core/lint/finding.ts';
import type { TextRange } from '#core/text/range.ts';
import type { MapEntry, ScalarNode } from '#core/yaml/nodes.ts';

/** Replaces the value of a scalar and keeps its quotes. */
export function replaceScalar(node: ScalarNode, text: string, title: string): Fix {
  const quote = node.style === 'single' ? "'" : node.style === 'double' ? '"' : '';
  return { title, preferred: true, edits: [{ range: node.range, newText: `${quote}${text}${quote}` }] };
}

/** Renames a key and keeps its quotes. */
export function renameKey(entry: MapEntry, name: string): Fix {
  return replaceScalar(entry.key, name, `Rename to ${name}`);
}

/** Puts a plain scalar into double quotes, so that the server reads a string. */
export function quoteScalar(node: ScalarNode, text: string): Fix {
  const written = text.slice(node.range.start, node.range.end);
  const quoted = `"${written.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return { title: `Quote it: ${quoted}`, preferred: true, edits: [{ range: node.range, newText: quoted }] };
}

/** Takes the quotes off a scalar whose content is a number or boolean. */
export function unquoteScalar(node: ScalarNode): Fix {
  return {
    title: `Remove the quotes: ${node.text}`,
    preferred: true,
    edits: [{ range: node.range, newText: node.text }],
  };
}

/** Removes a key of a block map with its value, whole lines at a time; undefined where lines are shared with others. */
export function removeEntry(text: string, entry: MapEntry, title: string): Fix | undefined {
  const range = entryLines(text, entry.range);
  return range && { title, preferred: true, edits: [{ range, newText: '' }] };
}

/** The lines an entry fills alone, with their line break; undefined when something else stands on them. */
export function entryLines(text: string, range: TextRange): TextRange | undefined {
  const start = lineStart(text, range.start);
  if (text.slice(start, range.start).trim() !== '') return undefined;
  const end = lineBreakAfter(text, range.end);
  const rest = text.slice(range.end, end).trim();
  if (rest !== '' && !rest.startsWith('#')) return undefined;
  return { start, end };
}

export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}

/** Offset behind the line break that ends the line of `offset`; the length of the text on the last line. */
export function lineBreakAfter(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  if (text[at] === '\r' && text[at + 1] === '\n') return at + 2;
  return Math.min(at + 1, text.length);
}

/** The line break the text uses around an offset. */
export function lineBreakOf(text: string): string {
  const found = /\r\n|\n|\r/.exec(text);
  return found ? found[0] : '\n';
}
