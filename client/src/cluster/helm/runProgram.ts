import { spawn, type ChildProcess } from 'node:child_process';
import type { HelmResult, HelmRun } from '#core/live/helm/program.ts';
import type { Clock } from '#core/live/ports.ts';
import { withoutSecrets } from '../plainText.ts';
import type { Environment } from './findProgram.ts';

export interface ProgramCall {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const MOST_OUTPUT = 1_000_000;
const MOST_WORDS = 4000;
/** Between the polite and the other way of ending it. */
const GRACE_MS = 5000;

/** Begins a program, without a shell and without input; never rejects. */
export function startProgram({ file, args, environment, timeoutMs, clock }: ProgramCall): HelmRun {
  const child = spawn(file, [...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said.stdout.length <= MOST_OUTPUT) said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr = (said.stderr + text).slice(-2 * MOST_WORDS);
  });
  let result: HelmResult | undefined;
  const ended = new Promise<HelmResult>((resolve) => {
    const timer = clock.after(timeoutMs, () => end(child, clock));
    const settle = (exitCode: number | undefined, words: string): void => {
      timer.stop();
      result ??= { exitCode, stdout: said.stdout.slice(0, MOST_OUTPUT), stderr: withoutSecrets(words, MOST_WORDS) };
      resolve(result);
    };
    child.once('error', (error) => settle(undefined, `It could not be started: ${error.message}`));
    child.once('close', (code) => settle(code ?? undefined, said.stderr));
  });
  return {
    ended,
    get result() {
      return result;
    },
  };
}

function end(child: ChildProcess, clock: Clock): void {
  child.kill('SIGTERM');
  const last = clock.after(GRACE_MS, () => child.kill('SIGKILL'));
  child.once('exit', () => last.stop());
}
