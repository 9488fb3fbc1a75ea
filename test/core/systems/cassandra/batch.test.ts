import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandsFor, readNodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { batchScript, readBatch, type BatchAnswer } from '#core/systems/cassandra/nodetool/batch.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { nodetoolText } from '#test/core/systems/cassandra/nodetoolFixtures.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nodetool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script in a real shell whose nodetool is the given shell text; `$calls` collects its arguments. */
function runBatch(
  nodetool: string,
  shell = 'sh',
  more: Readonly<Record<string, string>> = {},
): { readonly answer: BatchAnswer; readonly calls: readonly string[] } {
  const calls = path.join(folder, 'calls');
  const program = path.join(folder, 'nodetool');
  writeFileSync(calls, '');
  writeFileSync(program, `#!/bin/sh\necho "$*" >>'${calls}'\n${nodetool}\n`);
  chmodSync(program, 0o755);
  const script = batchScript([
    { name: 'info', args: ['info'] },
    { name: 'ownership', args: ['status', "it's $HOME"] },
  ]);
  const stdout = execFileSync(shell, ['-c', script], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, CASSANDRA_CONF: folder, LC_ALL: 'POSIX', ...more },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { answer: readBatch(stdout), calls: readFileSync(calls, 'utf8').trim().split('\n') };
}

describe.runIf(process.platform !== 'win32')('a batch in a shell', () => {
  test.each(['sh', 'bash'])('of %s keeps streams, exit codes and arguments of every command', (shell) => {
    const { answer, calls } = runBatch(
      'echo "out $LC_ALL"; echo "err" >&2; case $1 in info) exit 0;; *) exit 7;; esac',
      shell,
    );
    expect(calls).toEqual(['info', "status it's $HOME"]);
    expect(answer.isWithoutNodetool).toBe(false);
    expect(answer.results.get('info')).toMatchObject({ exitCode: 0, stderr: 'err' });
    expect(answer.results.get('info')?.stdout.trim()).toBe('out C');
    expect(answer.results.get('ownership')?.exitCode).toBe(7);
  });

  test('asks a node whose JMX port is closed only once', () => {
    const { answer, calls } = runBatch(`echo "nodetool: Failed to connect to '127.0.0.1:7199' - refused" >&2; exit 1`);
    expect(calls).toEqual(['info']);
    expect([...answer.results.keys()]).toEqual(['info']);
  });

  test('reads addresses the old way when Java refuses them, from then on', () => {
    const { answer, calls } = runBatch(`case "$1" in -D*) echo fine;; *)
      echo "nodetool: Failed to connect to '127.0.0.1:7199' - URISyntaxException: 'Malformed IPv6 address at index 7: rmi://[127.0.0.1]:7199'." >&2; exit 1;; esac`);
    const legacy = '-Dcom.sun.jndi.rmiURLParsing=legacy';
    expect(calls).toEqual(['info', `${legacy} info`, `${legacy} status it's $HOME`]);
    expect(answer.results.get('info')).toMatchObject({ exitCode: 0 });
    expect(answer.results.get('info')?.stdout.trim()).toBe('fine');
  });

  test('logs in from the password file of the node, and no password is in a command line or an answer', () => {
    writeFileSync(path.join(folder, 'jmxremote.password'), '# who may\nmonitor sesame');
    const { answer, calls } = runBatch(`case "$1" in -u) echo fine;; *)
      echo "nodetool: Failed to connect - SecurityException: 'Authentication failed! Credentials required'" >&2; exit 1;; esac`);
    expect(calls[1]).toBe(`-u monitor -pwf ${folder}/jmxremote.password info`);
    expect(calls).toHaveLength(3);
    expect(answer.results.get('ownership')?.exitCode).toBe(0);
    expect(JSON.stringify([calls, [...answer.results]])).not.toContain('sesame');
  });

  test('starts Java quickly, and what the container says of Java comes after that and is kept', () => {
    const tell = 'echo "$JAVA_TOOL_OPTIONS"; echo "Picked up JAVA_TOOL_OPTIONS: $JAVA_TOOL_OPTIONS" >&2; exit 2';
    const plain = runBatch(tell).answer.results.get('info');
    expect(plain?.stdout.trim()).toBe('-XX:TieredStopAtLevel=1');
    expect(plain && failureOf({ ...plain, stdout: '' })?.text).toBe('nodetool ended with 2');
    const own = runBatch(tell, 'sh', { JAVA_TOOL_OPTIONS: "-Dx='a b' -XX:TieredStopAtLevel=4" });
    expect(own.answer.results.get('info')?.stdout.trim()).toBe(
      "-XX:TieredStopAtLevel=1 -Dx='a b' -XX:TieredStopAtLevel=4",
    );
  });

  test('says so when there is no nodetool', () => {
    const stdout = execFileSync('/bin/sh', ['-c', batchScript([])], { encoding: 'utf8', env: { PATH: folder } });
    expect(readBatch(stdout).isWithoutNodetool).toBe(true);
  });
});

describe('answers of a batch', () => {
  const section = (name: string, out: string, code = 0, error = ''): string =>
    `\n@@begin ${name}@@\n${out}\n@@error ${name}@@\n${error}\n@@end ${name} ${code}@@\n`;
  const node = { member: 'cassandra-0', podUid: 'u0', podIp: '10.1.0.11' };

  test('a command whose end is missing did not answer', () => {
    const text =
      section('info', nodetoolText('5.0', 'info')) + section('status', nodetoolText('5.0', 'status')).slice(0, -20);
    const answer = readNodeAnswer(node, readBatch(text));
    expect(answer.info?.hostId).toBe('1b583a1a-7125-4b54-89f4-8fe1ed1b6e88');
    expect(answer.status).toBeUndefined();
  });

  test('a failed command is a failure with its reason, and the others count', () => {
    const failed = section(
      'cluster',
      'Cluster Information:\n\tName: shop',
      2,
      'error: event executor terminated\n-- StackTrace --',
    );
    const answer = readNodeAnswer(
      node,
      readBatch(failed + section('netstats', nodetoolText('4.0', 'netstats-drained'))),
    );
    expect(answer.netstats?.mode).toBe('DRAINED');
    expect(answer.cluster).toBeUndefined();
    expect(answer.failures).toEqual([
      { command: 'cluster', failure: { kind: 'server', text: 'event executor terminated' } },
    ]);
  });

  test('hints are asked for from 4.1 on, or when the version is not known', () => {
    const asks = (version: string): boolean => commandsFor(version).some(({ name }) => name === 'hints');
    expect(['3.11.19', '4.0', '4.1.9', '5.0', '10.0', ''].map(asks)).toEqual([false, false, true, true, true, true]);
  });
});
