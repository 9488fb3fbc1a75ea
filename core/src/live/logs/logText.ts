import type { LogLine } from '#core/live/logs/logBuffer.ts';

/** Colours that can be told apart on dark and light backgrounds, as SGR codes; used again when there are more members. */
const MEMBER_COLOURS = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94] as const;

const ESCAPE = '\u001B';

/** A colour (SGR), and nothing else that a terminal would obey. */
const COLOUR = /\u001B\[[\d;:]*m/g;

/** Longest line shown, in UTF-16 units; the saved log has all of it. */
const LONGEST_LINE = 8_000;

/** Writes lines for a terminal, with the member in front in a colour of its own. */
export class TerminalLines {
  readonly #colours = new Map<string, number>();
  #width = 0;

  write(line: LogLine): string {
    const { source, text } = line;
    if (source === undefined) return `${ESCAPE}[2m— ${forTerminal(text)}${ESCAPE}[0m\r\n`;
    const colour = this.#colours.get(source) ?? MEMBER_COLOURS[this.#colours.size % MEMBER_COLOURS.length] ?? 36;
    this.#colours.set(source, colour);
    this.#width = Math.min(40, Math.max(this.#width, source.length));
    return `${ESCAPE}[${colour}m${forTerminal(source.padEnd(this.#width))} │${ESCAPE}[0m ${forTerminal(text)}${ESCAPE}[0m\r\n`;
  }
}

/** One line of a saved log: time, member, text. */
export function plainLogLine({ at, source, text }: LogLine, timeText: (at: number) => string): string {
  const time = at === undefined ? '' : `${timeText(at)} `;
  return source === undefined ? `# ${forFile(text)}` : `${time}${source} ${forFile(text)}`;
}

/** Keeps colours and tabs; everything else that could move the cursor, write the clipboard or open a link loses its escape. */
function forTerminal(text: string): string {
  const parts = text.slice(0, LONGEST_LINE).split(COLOUR);
  const colours = text.slice(0, LONGEST_LINE).match(COLOUR) ?? [];
  return parts.map((part, index) => `${part.replaceAll(CONTROLS, '\uFFFD')}${colours[index] ?? ''}`).join('');
}

function forFile(text: string): string {
  return text.replaceAll(COLOUR, '').replaceAll(CONTROLS, '\uFFFD');
}

const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;
