import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFilesScript, readDataFiles } from '#core/systems/cassandra/nodetool/dataFiles.ts';
import { fileEndsScript, readFileEnds } from '#core/systems/cassandra/nodetool/fileEnds.ts';
import { diskScript, readDisk } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { beginScript, lookScript, readJob, type JobState } from '#core/systems/cassandra/nodetool/job.ts';
import { judgeJob } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nodetool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** In a real shell, with its files in the folder of the test instead of those of a container. */
function inShell(script: string): JobState | undefined {
  const stdout = execFileSync('sh', ['-c', script.replace('/tmp /dev/shm /var/tmp', folder)], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return readJob(stdout);
}

function useNodetool(text: string): void {
  const program = path.join(folder, 'nodetool');
  writeFileSync(program, `#!/bin/sh\necho "$*" >>'${folder}/calls'\n${text}\n`);
  chmodSync(program, 0o755);
}

const calls = (): readonly string[] => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n');

function awaitEnd(token: string): JobState | undefined {
  for (let times = 0; times < 100; times += 1) {
    const state = inShell(lookScript(token));
    if (state?.kind !== 'running') return state;
  }
  return undefined;
}

describe.runIf(process.platform === 'linux')('a long command in a shell', () => {
  test('goes on when its shell has ended, is begun once, and keeps its words and its exit code', () => {
    useNodetool(
      `case $1 in cleanup) while [ ! -f '${folder}/end' ]; do sleep 0.05; done; echo "it's over"; exit 3;; esac`,
    );
    expect(inShell(lookScript('run-1'))).toEqual({ kind: 'absent' });
    expect(inShell(beginScript('run-1', ['cleanup', '-j', '1']))).toEqual({ kind: 'running', said: '' });
    expect(inShell(beginScript('run-1', ['cleanup', '-j', '1']))).toEqual({ kind: 'running', said: '' });
    expect(inShell(lookScript('run-2'))).toEqual({ kind: 'absent' });
    writeFileSync(path.join(folder, 'end'), '');
    expect(awaitEnd('run-1')).toEqual({ kind: 'ended', exitCode: 3, said: "it's over" });
    expect(calls().filter((call) => call.startsWith('cleanup'))).toEqual(['cleanup -j 1']);
  });

  test('tells its reason, however long the stack trace is that follows it', () => {
    const refusal = new URL('../../../fixtures/nodetool/5.0/cleanup-refused.txt', import.meta.url);
    useNodetool(`case $1 in cleanup) grep -v '^#' '${refusal.pathname}' >&2; exit 2;; esac`);
    inShell(beginScript('run-1', ['cleanup']));
    const job = awaitEnd('run-1');
    expect(job).toMatchObject({ kind: 'ended', exitCode: 2 });
    expect(judgeJob(verbs.cleanup, job, undefined)).toEqual({
      kind: 'too early',
      reason: 'Node is involved in cluster membership changes. Not safe to run cleanup.',
    });
  });

  test('is lost when its process has gone without a word, even if another has its number', () => {
    useNodetool('exit 0');
    const file = path.join(folder, 'data-clusters-run-1.pid');
    writeFileSync(file, `${process.pid} 1\n`);
    expect(inShell(lookScript('run-1'))).toEqual({ kind: 'lost' });
    writeFileSync(file, '999999999 77\n');
    expect(inShell(lookScript('run-1'))).toEqual({ kind: 'lost' });
  });

  test('is not lost when it ends while somebody looks', () => {
    writeFileSync(path.join(folder, 'data-clusters-run-1.pid'), '999999999 77\n');
    const meanwhile = lookScript('run-1').replace('now=$(begin_of "$pid")', 'now=; echo 3 >"$base.code"');
    expect(meanwhile).not.toBe(lookScript('run-1'));
    expect(inShell(meanwhile)).toMatchObject({ kind: 'ended', exitCode: 3 });
  });

  test('is not begun where JMX is closed', () => {
    useNodetool(`echo "nodetool: Failed to connect to '127.0.0.1:7199' - refused" >&2; exit 1`);
    expect(inShell(beginScript('run-1', ['cleanup']))).toBeUndefined();
    expect(calls()).toEqual(['netstats']);
    expect(existsSync(path.join(folder, 'data-clusters-run-1.pid'))).toBe(false);
  });

  test('cannot be begun where nothing may be written', () => {
    useNodetool('exit 0');
    const script = beginScript('run-1', ['cleanup']).replace('/tmp /dev/shm /var/tmp', '/nowhere');
    const stdout = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: `${folder}:/usr/bin:/bin` } });
    expect(readJob(stdout)).toEqual({ kind: 'nowhere' });
  });

  test('a name cannot break out of the file it is kept in', () => {
    useNodetool('exit 0');
    expect(inShell(lookScript(`x; touch ${folder}/pwned`))).toEqual({ kind: 'absent' });
    expect(existsSync(path.join(folder, 'pwned'))).toBe(false);
  });
});

test.runIf(process.platform === 'linux')('the room on a disk, and the largest file of data', () => {
  for (const [name, size] of [
    ['nb-1-big-Data.db', 10],
    ['nb-2-big-Data.db', 4000],
    ['nb-2-big-Index.db', 9000],
  ] as const)
    writeFileSync(path.join(folder, name), 'x'.repeat(size));
  const stdout = execFileSync('sh', ['-c', diskScript(folder)], { encoding: 'utf8' });
  const room = readDisk(stdout);
  expect(room?.largest).toBe(4000);
  expect(room?.free).toBeGreaterThan(0);
  expect(room?.size).toBeGreaterThanOrEqual(room?.free ?? 0);
  expect(readDisk('sh: df: not found')).toBeUndefined();
});

describe.runIf(process.platform === 'linux')('files of data', () => {
  const inFolder = (name: string, size: number): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), 'x'.repeat(size));
  };
  const fill = (): void => {
    inFolder('data/shop/orders-29a0/nb-1-big-Data.db', 10);
    inFolder('data/shop/orders-29a0/nb-2-big-Data.db', 4000);
    inFolder('data/shop/orders-29a0/snapshots/nightly/nb-1-big-Data.db', 9000);
    inFolder('data/shop/orders-29a0/backups/nb-1-big-Data.db', 9000);
    inFolder('data/shop/orders-29a0/nb-2-big-Index.db', 9000);
  };
  const run = (script: string, more: Record<string, string> = {}): string =>
    execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...more } });

  test('are listed without those of snapshots and backups', () => {
    fill();
    const found = readDataFiles(run(dataFilesScript(folder)));
    expect(found).toMatchObject({ count: 2, bytes: 4010, keyspaces: [{ keyspace: 'shop' }], formats: { nb: 4010 } });
  });

  test('are looked at by the tool of the image, the largest first, with a heap of its own', () => {
    fill();
    const tool = `#!/bin/sh
echo "heap $MAX_HEAP_SIZE" >${folder}/heap
for file in "$@"; do echo "SSTable: \${file%-Data.db}"; echo 'First token: -5 (a)'; echo 'Last token: 7 (b)'; echo 'Estimated: 3'; done
`;
    writeFileSync(path.join(folder, 'sstablemetadata'), tool, { mode: 0o755 });
    const path_ = `${folder}:/usr/bin:/bin`;
    const stdout = run(fileEndsScript(folder), { PATH: path_, MAX_HEAP_SIZE: '31G' });
    expect(stdout).not.toContain('Estimated');
    expect(stdout.indexOf('nb-2-big')).toBeLessThan(stdout.indexOf('nb-1-big'));
    const end = { keyspace: 'shop', first: -5n, last: 7n };
    expect(readFileEnds(stdout)).toEqual({ count: 2, ends: [end, end] });
    expect(readFileSync(path.join(folder, 'heap'), 'utf8')).toBe('heap 256M\n');
  });

  test('are not looked at where the image has no such tool', () => {
    expect(readFileEnds(run(fileEndsScript(folder)))).toBeUndefined();
  });
});
