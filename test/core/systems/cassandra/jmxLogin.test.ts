import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchScript, readBatch } from '#core/systems/cassandra/nodetool/batch.ts';
import { beginScript, lookScript, readJob } from '#core/systems/cassandra/nodetool/job.ts';
import { canBeGiven, loginInput, type JmxLogin } from '#core/systems/cassandra/nodetool/login.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jmx-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a shell could trip over. */
const login: JmxLogin = { user: 'shop-superuser', password: `s3'c"r$(id)\`e\\t%s;*`, from: 'a Secret' };
const refused = `echo "nodetool: Failed to connect to '127.0.0.1:7199' - SecurityException: 'Authentication failed! Credentials required'" >&2; exit 1`;

/** A nodetool that notes its arguments, its environment, and the file that it is given with its rights. */
function useNodetool(text = 'echo fine'): void {
  const program = path.join(folder, 'nodetool');
  const note = `{ echo "$*"; env; } >>'${folder}/seen'
case $1 in -u) cat "$4" >'${folder}/file'; stat -c %a "$4" "\${4%/*}" >'${folder}/modes';; esac`;
  writeFileSync(program, `#!/bin/sh\n${note}\n${text}\n`);
  chmodSync(program, 0o755);
}

/** With its places in the folder of the test instead of those of a container. */
const here = (script: string, places = folder): string =>
  script.replaceAll('/dev/shm /tmp /var/tmp', places).replaceAll('/tmp /dev/shm /var/tmp', places);

const environment = (): NodeJS.ProcessEnv => ({ PATH: `${folder}:/usr/bin:/bin`, CASSANDRA_CONF: folder, secret: 'x' });

function run(script: string, shell = 'sh'): string {
  const input = loginInput(login);
  return execFileSync(shell, ['-c', script], { encoding: 'utf8', env: environment(), input, stdio: 'pipe' });
}

const seen = (): string => readFileSync(path.join(folder, 'seen'), 'utf8');
const leftBehind = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('data-clusters-login'));
const info = [{ name: 'info', args: ['info'] }] as const;

describe.runIf(process.platform === 'linux')('a login for JMX in a container', () => {
  test.each(['sh', 'bash'])('%s hands it over in a file of its owner, and it is gone afterwards', (shell) => {
    useNodetool();
    const stdout = run(here(batchScript(info, { login: 'input' })), shell);
    expect(readBatch(stdout).results.get('info')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(path.join(folder, 'file'), 'utf8')).toBe(`${login.user} ${login.password}\n`);
    expect(readFileSync(path.join(folder, 'modes'), 'utf8')).toBe('600\n700\n');
    expect(seen()).toMatch(/^-u shop-superuser -pwf \S+\/password info\n/);
    // Neither the command line nor the environment has it.
    expect(seen()).not.toContain(login.password);
    expect(seen()).not.toMatch(/^secret=./m);
    expect(stdout).not.toContain(login.password);
    expect(leftBehind()).toEqual([]);
  });

  test('is not in the script', () => {
    for (const script of [batchScript(info, { login: 'input' }), beginScript('run-1', ['flush'], 'input')]) {
      expect(script).not.toContain(login.user);
      expect(script).not.toContain(login.password);
    }
  });

  test.each(['sh', 'bash'])('of %s is gone when the script is ended before its time', (shell) => {
    useNodetool('directory=${4%/*}; kill -TERM "${directory##*-}"');
    const script = here(batchScript(info, { login: 'input' }));
    const { status } = spawnSync(shell, ['-c', script], { env: environment(), input: loginInput(login) });
    expect(status).toBe(143);
    expect(existsSync(path.join(folder, 'file'))).toBe(true);
    expect(leftBehind()).toEqual([]);
  });

  test('what a killed script has left behind goes with the next, that of a running one stays', () => {
    useNodetool();
    for (const pid of ['999999999', String(process.pid)]) mkdirSync(path.join(folder, `data-clusters-login-${pid}`));
    run(here(batchScript(info, { login: 'input' })));
    expect(leftBehind()).toEqual([`data-clusters-login-${process.pid}`]);
  });

  test('without a place to keep it nothing is asked', () => {
    useNodetool();
    const batch = readBatch(run(here(batchScript(info, { login: 'input' }), '/nowhere')));
    expect([batch.isLoginHomeless, batch.results.size]).toEqual([true, 0]);
    expect(existsSync(path.join(folder, 'seen'))).toBe(false);
  });

  test('the password file that the process was started with comes first', async () => {
    const told = path.join(folder, 'told.password');
    writeFileSync(told, 'monitor first\n');
    writeFileSync(path.join(folder, 'jmxremote.password'), 'other second\n');
    useNodetool(`case "$1" in -u) echo fine;; *) ${refused};; esac`);
    const option = `-Dcom.sun.management.jmxremote.password.file=${told}`;
    const cassandra = spawn('sh', ['-c', 'echo up; read wait', 'java', option], { stdio: ['pipe', 'pipe', 'ignore'] });
    await new Promise((resolve) => cassandra.stdout.once('data', resolve));
    const stdout = run(batchScript(info));
    cassandra.kill();
    expect(readBatch(stdout).results.get('info')?.exitCode).toBe(0);
    expect(seen()).toContain(`-u monitor -pwf ${told} info`);
  });

  test('a command that takes long has its own, and it is gone when the command has ended', () => {
    useNodetool(`case "$*" in *flush) while [ ! -f '${folder}/end' ]; do sleep 0.05; done; echo over;; esac`);
    const look = (): ReturnType<typeof readJob> => readJob(run(here(lookScript('run-1'))));
    expect(readJob(run(here(beginScript('run-1', ['flush'], 'input'))))).toEqual({ kind: 'running', said: '' });
    // The shell that began it has ended; what nodetool reads at its start is still there.
    expect(leftBehind()).toHaveLength(1);
    run(here(batchScript(info, { login: 'input' })));
    expect(leftBehind()).toHaveLength(1);
    writeFileSync(path.join(folder, 'end'), '');
    for (let times = 0; times < 200 && look()?.kind === 'running'; times += 1);
    expect(look()).toEqual({ kind: 'ended', exitCode: 0, said: 'over' });
    expect(leftBehind()).toEqual([]);
    expect(seen()).not.toContain(login.password);
  });
});

test.each([
  ['shop', 'pa ss', false],
  ['shop', '', false],
  ['shop', 'pass\nword', false],
  ['-u', 'pass', false],
  ['#shop', 'pass', false],
  ['sh op', 'pass', false],
  ['shop', "it's", true],
])('nodetool can read %j %j from a file: %s', (user, password, can) => {
  expect(canBeGiven({ user, password })).toBe(can);
});
