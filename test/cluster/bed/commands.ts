import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../../scripts/editor/commands.mjs';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number;
}

/** Runs a program to its end, whatever its exit code. */
export async function tryRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  return runCommand(program, args, options);
}

/** Runs a program that must succeed; returns what it wrote. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(program, args, options);
  if (code === 0) return stdout;
  const said = lastLines(stderr.trim() === '' ? stdout : stderr, 25);
  throw new Error(`${program} ${args.join(' ').slice(0, 300)} ended with ${code}:\n${said}`);
}

/** Asks again and again until the answer is neither undefined nor false; throws when time is up. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false>,
  pause = 200,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s for ${what}.`);
    await sleep(pause);
  }
}

export const lastLines = (text: string, count: number): string => text.trim().split('\n').slice(-count).join('\n');
