import type { TextRange } from '#core/text/range.ts';

/** A place in a template that reads something of the values: `.Values.image.tag`. */
export interface ValueReference {
  /** Keys behind `.Values`. */
  readonly path: readonly string[];
  /** Where each key stands in the text. */
  readonly keys: readonly TextRange[];
  /** From `.Values` (or `$.Values`) to the last key. */
  readonly range: TextRange;
  /** The action it stands in, with its braces. */
  readonly action: TextRange;
}

/** An action; strings are kept, comments are skipped. */
const ACTION = /\{\{(?!-?\s*\/\*)(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|[^"`}]|\}(?!\}))*\}\}/g;
const STRING = /"(?:\\.|[^"\\\n])*"|`[^`]*`/g;
/** Not behind a name or a closing parenthesis: `.a.Values` and `(x).Values` are other objects. */
const REFERENCE = /(?<![\w)\].])\$?\.Values((?:\.[A-Za-z_]\w*)*)(?![\w.])/g;

/** Every reading of values in the actions of a template, in the order of the text. */
export function findValueReferences(text: string): readonly ValueReference[] {
  return [...text.matchAll(ACTION)].flatMap((action) => {
    const inside = action[0].replaceAll(STRING, (string) => '"'.padEnd(string.length, ' '));
    const range = { start: action.index, end: action.index + action[0].length };
    return [...inside.matchAll(REFERENCE)].map((found) => toReference(found, range));
  });
}

function toReference(found: RegExpMatchArray, action: TextRange): ValueReference {
  const start = action.start + (found.index ?? 0);
  const end = start + found[0].length;
  const path = (found[1] ?? '').split('.').slice(1);
  let at = end - (found[1] ?? '').length;
  const keys = path.map((key) => {
    const range = { start: at + 1, end: at + 1 + key.length };
    at = range.end;
    return range;
  });
  return { path, keys, range: { start, end }, action };
}

/** The action around an offset that is not closed before it; undefined outside of actions. */
export function actionBefore(text: string, offset: number): string | undefined {
  const open = text.lastIndexOf('{{', offset - 1);
  if (open < 0) return undefined;
  const inside = text.slice(open + 2, offset);
  return inside.includes('}}') || /^-?\s*\/\*/.test(inside) ? undefined : inside;
}
