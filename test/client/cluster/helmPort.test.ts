import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHelmPort } from '#client/cluster/helm/helmPort.ts';
import { systemClock } from '#client/cluster/systemClock.ts';
import type { HelmPort, HelmProgram, HelmResult } from '#core/live/helm/program.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-port-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program of that name that tells a version, and otherwise its arguments and what of its environment matters. */
async function install(version: string, more = ''): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const lines = [
    '#!/bin/sh',
    `if [ "$1" = version ]; then echo "${version}"; exit 0; fi`,
    more,
    'for word in "$@"; do echo "word $word"; done',
    'echo "KUBECONFIG $KUBECONFIG"; echo "driver $HELM_DRIVER"; echo "elsewhere $HELM_KUBEAPISERVER$HELM_NAMESPACE"',
  ];
  await writeFile(join(bin, 'helm'), `${lines.join('\n')}\n`);
  await chmod(join(bin, 'helm'), 0o755);
  return bin;
}

const portWith = (path: string, context = 'prod; rm -rf /'): HelmPort =>
  createHelmPort({
    context,
    kubeconfigs: () => ['/a/config', '/b/config'],
    environment: { PATH: path, HELM_KUBEAPISERVER: 'https://other', HELM_NAMESPACE: 'other', HELM_DRIVER: 'sql' },
    clock: systemClock,
  });

async function requireProgram(port: HelmPort): Promise<HelmProgram> {
  const program = await port.program();
  if (typeof program === 'string') throw new Error(program);
  return program;
}

const run = async (port: HelmPort, timeoutMs = 10_000): Promise<HelmResult> =>
  (await requireProgram(port)).start(['rollback', 'orders $(id)', '1'], { driver: 'secret', timeoutMs }).ended;

describe.skipIf(process.platform === 'win32')('the program helm', () => {
  test('gets its words as they are, the files and the context of the cluster, and nothing that leads elsewhere', async () => {
    const port = portWith(await install('v3.22.0'));
    expect((await requireProgram(port)).version).toEqual({ major: 3, text: 'v3.22.0' });
    const { exitCode, stdout } = await run(port);
    expect([exitCode, stdout.trim().split('\n')]).toEqual([
      0,
      [
        'word rollback',
        'word orders $(id)',
        'word 1',
        'word --kube-context=prod; rm -rf /',
        `KUBECONFIG /a/config${delimiter}/b/config`,
        'driver secret',
        'elsewhere',
      ],
    ]);
  });

  test('is not taken from a folder that is not absolute, and is told to be missing or too old', async () => {
    const bin = await install('v2.17.0');
    expect(await portWith(['', '.', 'bin', './bin'].join(delimiter)).program()).toContain('is not on the PATH');
    expect(await portWith(folder).program()).toContain('is not on the PATH');
    expect(await portWith(bin).program()).toContain('v2.17.0');
  });

  test('that fails says why, without what looks like a token, and one that hangs is ended', async () => {
    const token = 'a'.repeat(60);
    const failing = portWith(await install('v3.22.0', `echo "Error: no ${token}" >&2; exit 3`));
    expect(await run(failing)).toMatchObject({ exitCode: 3, stderr: 'Error: no (left out)' });
    const hanging = portWith(await install('v3.22.0', 'exec /bin/sleep 30'));
    expect(await run(hanging, 200)).toMatchObject({ exitCode: undefined });
  });
});
