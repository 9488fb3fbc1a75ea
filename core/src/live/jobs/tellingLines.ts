import { readLevel } from '#core/live/logs/lineLevel.ts';
import type { TimedLine } from '#core/live/logs/logMerger.ts';
import { plainText } from '#core/live/plainText.ts';

/** A line of a log that says why a run failed. */
export interface TellingLine {
  readonly at: number | undefined;
  readonly text: string;
}

const MOST_LINES = 40;
const LONGEST_LINE = 400;
/** Lines of the end that are shown where no line tells anything. */
const LAST_LINES = 15;
/** Frames of a stack that are kept below the line that begins it: the user's own code stands on top. */
const FRAMES = 3;

/** The beginning of an exception of the JVM, or what caused it. */
const exception =
  /^(?:Exception in thread |Caused by: )|^(?:[a-z_$][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)\b/;
const frame = /^\s+at |^\s+File "/;
/** The end of a traceback of Python, and what processes say when they are ended from outside. */
const python = /^(?:[A-Za-z_][\w.]*)?(?:Error|Exception|Exit|Interrupt): /;
const traceback = /^Traceback \(most recent call last\)/;
const killed =
  /\b(?:Killed|OutOfMemoryError|OOM|Cannot allocate memory|No space left on device|Segmentation fault|core dumped)\b/;

/**
 * The lines of a log that say why a run failed: errors by their level, exceptions with the first frames of their stacks, ends of tracebacks
 * and words of the kernel. Newest ones are kept when there are too many. Where none is found, the last lines.
 */
export function tellingLines(lines: readonly TimedLine[]): {
  readonly lines: readonly TellingLine[];
  readonly isWhole: boolean;
} {
  const kept: TimedLine[] = [];
  let frames = 0;
  for (const line of lines) {
    if (frame.test(line.text)) {
      if (frames-- > 0) kept.push(line);
      continue;
    }
    frames = 0;
    if (!isTelling(line.text)) continue;
    kept.push(line);
    frames = FRAMES;
  }
  const chosen = kept.length > 0 ? kept.slice(-MOST_LINES) : lines.slice(-LAST_LINES);
  return {
    lines: chosen
      .map(({ at, text }) => ({ at, text: plainText(text, LONGEST_LINE) }))
      .filter(({ text }) => text !== ''),
    isWhole: kept.length > 0 && kept.length <= MOST_LINES,
  };
}

function isTelling(text: string): boolean {
  return (
    readLevel(text).level === 'error' ||
    exception.test(text) ||
    python.test(text) ||
    traceback.test(text) ||
    killed.test(text)
  );
}
