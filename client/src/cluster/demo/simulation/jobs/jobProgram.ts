import type { Program, ProgramEnd } from '../programs.ts';

export interface JobCourse {
  readonly endsAfterMs: number | undefined;
  readonly end: ProgramEnd;
  /** Lines of its log with the milliseconds after the start at which they are written. */
  readonly lines: readonly { readonly afterMs: number; readonly text: string }[];
}

/** A program that works for a time and then ends, well or not. */
export function jobProgram(startedAt: number, course: JobCourse, log: (text: string, at: number) => void): Program {
  let written = 0;
  let stopsAt: number | undefined;
  return {
    poll: (now) => {
      for (; written < course.lines.length; written++) {
        const line = course.lines[written];
        if (line === undefined || startedAt + line.afterMs > now) break;
        log(line.text, startedAt + line.afterMs);
      }
      if (stopsAt !== undefined && now >= stopsAt) return { exitCode: 143, reason: 'Error' };
      return course.endsAfterMs !== undefined && now - startedAt >= course.endsAfterMs ? course.end : undefined;
    },
    isReady: () => stopsAt === undefined,
    terminate: (now) => {
      stopsAt ??= now + 1000;
    },
    stopped: () => {},
  };
}
