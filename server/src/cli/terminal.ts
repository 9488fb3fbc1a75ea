import { buffer } from 'node:stream/consumers';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** What the command line program meets of the world. Real in `main.ts`, in memory in tests. */
export interface Terminal {
  readonly cwd: string;
  /** Whether stdout can show colours and the user did not refuse them. */
  readonly colors: boolean;
  /** Whether stderr is watched by a person, so that progress makes sense. */
  readonly showsProgress: boolean;
  out(text: string): void;
  err(text: string): void;
  readInput(): Promise<Buffer>;
  /** Calls once when the user wants the program to end; without it the program just ends. */
  onInterrupt(listener: () => void): void;
  /** Whether somebody sits there who can be asked. */
  readonly canAsk: boolean;
  /** One line from the keyboard; empty when the input ended. The question goes to stderr, so that stdout stays clean. */
  ask(question: string): Promise<string>;
}

export function processTerminal(): Terminal {
  const { env, stdout, stderr, stdin } = process;
  leaveQuietlyWhenClosed(stdout);
  return {
    cwd: process.cwd(),
    colors: wantsColors(env, stdout.isTTY),
    showsProgress: stderr.isTTY && env['CI'] === undefined,
    out: (chunk) => void stdout.write(chunk),
    err: (chunk) => void stderr.write(chunk),
    readInput: () => readAll(stdin),
    onInterrupt: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, listener);
    },
    canAsk: stdin.isTTY && stderr.isTTY,
    ask: (question) => askLine(question),
  };
}

async function askLine(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    // Ctrl+C and Ctrl+D close it, and then there will be no answer.
    return await new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

/** NO_COLOR (any value but empty) refuses colours, FORCE_COLOR asks for them, otherwise a terminal decides. */
function wantsColors(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  return await buffer(stream);
}

/** `data-clusters lint | head` closes our output; that is no error of ours. */
function leaveQuietlyWhenClosed(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
