import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseJsonObject, type JsonObject } from '../bed/json.ts';
import type { Access } from '../bed/kubectl.ts';
import type { LiveTest } from './suite.ts';

const program = fileURLToPath(new URL('../../../dist/cli.cjs', import.meta.url));

/** The command line program is tested as it is built. */
export const whyNotBuilt = (): string | undefined =>
  existsSync(program) ? undefined : 'dist/cli.cjs is not built: npm run build';

/** Tests of the built program that only the bed on this machine carries; elsewhere they are skipped with the reason. */
export const onOwnBed = (tests: readonly LiveTest[], reason: string): readonly LiveTest[] =>
  tests.map((test) => ({
    ...test,
    skippedBecause: ({ mark }) => (mark.driver === 'native' ? whyNotBuilt() : reason),
  }));

export interface ProgramRun {
  readonly code: number | null;
  /** Objects that it printed, one a line. */
  readonly events: readonly JsonObject[];
  readonly err: string;
  /** Milliseconds of the epoch, as the times of the events are. */
  readonly started: number;
  readonly ended: number;
}

/** Runs `data-clusters` against the cluster; its output is objects, one a line. `onEvent` may end it, and so does the limit. */
export async function runProgram(
  {
    access,
    limitSeconds,
    variables,
  }: {
    readonly access: Access;
    readonly limitSeconds?: number;
    readonly variables?: Readonly<Record<string, string>>;
  },
  args: readonly string[],
  onEvent: (event: JsonObject, child: ChildProcess) => void = () => undefined,
): Promise<ProgramRun> {
  const started = Date.now();
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...variables, KUBECONFIG: access.kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(limitSeconds === undefined ? {} : { timeout: limitSeconds * 1000, killSignal: 'SIGKILL' as const }),
  });
  const events: JsonObject[] = [];
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseJsonObject(line);
    events.push(event);
    onEvent(event, child);
  });
  await once(child, 'close');
  return { code: child.exitCode, events, err, started, ended: Date.now() };
}
