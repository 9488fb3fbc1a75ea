import type { NodeView } from '#core/lint/rules/view.ts';
import type { Setting } from '#core/systems/kafka/brokerConfig.ts';
import { writtenText } from '#core/systems/documentFacts.ts';
import type { TextRange } from '#core/text/range.ts';

/** What start scripts replace before the broker reads the file. */
const PLACEHOLDER = /[$<>]|\{\{|#[\w-]+#|@@|__\w+__|%\w+%/;

/** The settings of a properties file that is a text in the document: `server.properties` under `data`. */
export function readProperties(view: NodeView, text: string): readonly Setting[] {
  const lines = writtenText(view)?.split(/\r?\n/) ?? [];
  const ranges = lineRanges(view, text);
  return lines.flatMap((line, index) => {
    const isContinued = index > 0 && endsInBackslash(lines[index - 1] ?? '');
    const [, name, value = ''] = /^\s*([^\s#!=:][^\s=:]*)\s*[=:\s]?\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || isContinued || PLACEHOLDER.test(name)) return [];
    const isKnown = !PLACEHOLDER.test(value) && !endsInBackslash(line);
    const range = ranges?.(line, index);
    return [{ name, written: name, value: isKnown ? value : undefined, at: view, ...(range ? { range } : {}) }];
  });
}

function endsInBackslash(line: string): boolean {
  return line.endsWith('\\');
}

/** Where the lines of a literal block stand; undefined for texts that are written another way. */
function lineRanges(
  view: NodeView,
  text: string,
): ((line: string, index: number) => TextRange | undefined) | undefined {
  const { content, written } = view;
  if (content?.kind !== 'scalar' || content.style !== 'literal' || written !== content) return undefined;
  const block = text.slice(content.range.start, content.range.end);
  const starts = [...block.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: lineBreak }) => index + lineBreak.length);
  return (line, index) => {
    const from = starts[index];
    if (from === undefined || line.trim() === '') return undefined;
    const at = block.indexOf(line.trim(), from);
    const next = starts[index + 1] ?? block.length;
    if (at < 0 || at >= next) return undefined;
    const start = content.range.start + at;
    return { start, end: start + line.trim().length };
  };
}
