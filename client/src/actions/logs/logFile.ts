import { timeText } from '#core/live/describe/layout.ts';
import type { LogLine } from '#core/live/logs/logBuffer.ts';
import { plainLogLine } from '#core/live/logs/logText.ts';

/** Lines as the text of a file; what is no longer there is said first. */
export function logFile(lines: readonly LogLine[], dropped: number): string {
  const note = dropped === 0 ? [] : [`# ${dropped} older lines are no longer kept.`];
  return `${[...note, ...lines.map((line) => plainLogLine(line, preciseTime))].join('\n')}\n`;
}

/** To the millisecond: what happened first is what logs are compared for. */
function preciseTime(at: number): string {
  const milliseconds = String(((at % 1_000) + 1_000) % 1_000).padStart(3, '0');
  return timeText(at).replace(/Z$/, `.${milliseconds}Z`);
}

/** A name that every file system takes. */
export function logFileName(name: string): string {
  return `${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}.log`;
}
