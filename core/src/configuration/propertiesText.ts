import type { TextRange } from '#core/text/range.ts';

/** One setting of a properties file. Ranges are those of the file's text. */
export interface PropertyLine {
  readonly name: string;
  readonly nameRange: TextRange;
  /** Undefined when it goes on in the next line or has escapes. */
  readonly value: string | undefined;
  /** Where the value stands, or would stand. */
  readonly valueRange: TextRange;
}

const LINE = /^([ \t\f]*)([^\s#!=:][^\s=:]*)([ \t\f]*[=:]?[ \t\f]*)(.*?)[ \t\f]*$/;

/** Reads a file of Java properties, and of Spark's defaults, which are alike: a name, then `=`, `:` or blanks, then a value. */
export function readPropertiesText(text: string): readonly PropertyLine[] {
  const found: PropertyLine[] = [];
  let start = 0;
  let isContinued = false;
  for (const line of text.split('\n')) {
    const match: RegExpExecArray | null = isContinued ? null : LINE.exec(line.replace(/\r$/, ''));
    const [, indent = '', name = '', sign = '', value = ''] = match ?? [];
    if (match && !/^[#!]/.test(name)) {
      const nameStart = start + indent.length;
      const valueStart = nameStart + name.length + sign.length;
      found.push({
        name,
        nameRange: { start: nameStart, end: nameStart + name.length },
        value: value.includes('\\') ? undefined : value,
        valueRange: { start: valueStart, end: valueStart + value.length },
      });
    }
    isContinued = endsInBackslash(line) && !(match === null && !isContinued);
    start += line.length + 1;
  }
  return found;
}

/** An even number of backslashes stands for themselves. */
function endsInBackslash(line: string): boolean {
  return (/\\*\r?$/.exec(line)?.[0].replace('\r', '').length ?? 0) % 2 === 1;
}
