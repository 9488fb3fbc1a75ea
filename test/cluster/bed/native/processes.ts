import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { inCluster, type Cluster } from '../cluster.ts';
import { until } from '../commands.ts';
import { asNumber, asText, parseJsonObject } from '../json.ts';

interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since the machine started. A reused pid has another one, so it is never taken for ours. */
  readonly born: string;
}

const recordsOf = (cluster: Cluster): string => inCluster(cluster, 'run');
const recordFile = (cluster: Cluster, name: string): string => inCluster(cluster, 'run', `${name}.json`);
export const logFile = (cluster: Cluster, name: string): string => inCluster(cluster, 'logs', `${name}.log`);

/** Starts a program that outlives this one, unless the one of that name still runs. */
export function startProcess(cluster: Cluster, name: string, program: string, args: readonly string[]): void {
  if (runningPid(cluster, name) !== undefined) return;
  for (const folder of ['run', 'logs']) mkdirSync(inCluster(cluster, folder), { recursive: true });
  const log = openSync(logFile(cluster, name), 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: cluster.folder,
  });
  closeSync(log);
  // Without a listener a program that is missing would end this process before its record is read.
  child.once('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} could not be started.`);
  const record: ProcessRecord = { pid: child.pid, born: birthOf(child.pid) ?? '' };
  writeFileSync(recordFile(cluster, name), JSON.stringify(record));
}

/** The pid of the process of that name, if that very process still runs. */
export function runningPid(cluster: Cluster, name: string): number | undefined {
  const file = recordFile(cluster, name);
  if (!existsSync(file)) return undefined;
  const record = parseJsonObject(readFileSync(file, 'utf8'));
  const pid = asNumber(record['pid']);
  return birthOf(pid) === asText(record['born']) ? pid : undefined;
}

/** Names of everything that was started and not yet stopped, alive or not. */
export function recordedProcesses(cluster: Cluster): string[] {
  const folder = recordsOf(cluster);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
}

/** Asks a process to end and insists after the given seconds. */
export async function stopProcess(cluster: Cluster, name: string, patience = 3): Promise<void> {
  const pid = runningPid(cluster, name);
  if (pid !== undefined) {
    signal(pid, 'SIGTERM');
    const ended = async (): Promise<boolean> => runningPid(cluster, name) === undefined;
    await until(`${name} to end`, patience, ended, 50).catch(async () => {
      signal(pid, 'SIGKILL');
      await until(`${name} to be killed`, 10, ended, 20);
    });
  }
  rmSync(recordFile(cluster, name), { force: true });
}

/** Processes directly below the given one. */
export function childrenOf(pid: number): number[] {
  const text = readIfThere(`/proc/${pid}/task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

/** A process may end between being looked up and being signalled. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const ended = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!ended) throw error;
  }
}

/** When a process started; undefined when there is none, or when it has ended and only waits to be reaped. */
function birthOf(pid: number): string | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
