import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface ProcessRow {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** The language servers below a process that this run has started. */
export async function findLanguageServers(ancestor: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const rows = stdout.split('\n').flatMap(parseRow);
  const below = new Set([ancestor]);
  for (let grown = true; grown;) {
    const children = rows.filter(({ id, parent }) => below.has(parent) && !below.has(id));
    for (const { id } of children) below.add(id);
    grown = children.length > 0;
  }
  return rows.filter(({ id, command }) => below.has(id) && /[/\\]server\.cjs\b/.test(command)).map(({ id }) => id);
}

/** Ends a language server as a crash would. */
export function crash(id: number): void {
  process.kill(id, 'SIGKILL');
}

function parseRow(line: string): ProcessRow[] {
  const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
  return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
}
