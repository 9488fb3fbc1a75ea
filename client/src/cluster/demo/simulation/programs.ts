import type { Container, Pod } from './objects.ts';

export interface ProgramEnd {
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled';
}

/** What runs in a container, from its start until its end. */
export interface Program {
  /** How it ended; undefined while it runs. */
  poll(now: number): ProgramEnd | undefined;
  /** What its readiness probe finds. */
  isReady(now: number): boolean;
  /** SIGTERM. */
  terminate(now: number): void;
  /** The process is gone, in whatever way. */
  stopped(now: number): void;
  /** Runs the preStop hook; milliseconds it takes. Absent: at once. */
  preStop?(command: string, now: number): number;
}

/** Makes the program of a container when it is started; undefined when it is none of this kind. */
export type ProgramSource = (pod: Pod, container: Container, now: number) => Program | undefined;

/** Anything that is not simulated closer: ready after a while, and ends soon after SIGTERM. */
export function plainProgram(startedAt: number, readyAfterMs: number): Program {
  let stopsAt: number | undefined;
  return {
    poll: (now) => (stopsAt !== undefined && now >= stopsAt ? { exitCode: 0, reason: 'Completed' } : undefined),
    isReady: (now) => stopsAt === undefined && now - startedAt >= readyAfterMs,
    terminate: (now) => {
      stopsAt ??= now + 500;
    },
    stopped: () => {},
  };
}

/** Command and arguments of the preStop hook, joined by blanks. */
export function preStopOf(container: Container): string {
  const hook = container.lifecycle?.['preStop'];
  return JSON.stringify(hook ?? '')
    .replaceAll(/[^\w./ -]+/g, ' ')
    .replace(/^ ?exec command /, '')
    .trim();
}
