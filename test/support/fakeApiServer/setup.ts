import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { objectAt, textAt } from '#client/cluster/json.ts';
import { createClusterDirectory } from '#client/cluster/kubernetes.ts';
import type { Cluster, ClusterDirectory, DirectoryOptions, WatchEvent } from '#core/live/ports.ts';
import type { Log } from '#core/ports.ts';
import { authority, base64 } from './certificates.ts';
import { FakeApiServer, type FakeOptions } from './fakeApiServer.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A log that keeps what was said. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  return {
    lines,
    error: (message, cause) =>
      keep(`${message} ${cause instanceof Error ? (cause.stack ?? '') : JSON.stringify(cause)}`),
    warn: keep,
    info: keep,
    debug: keep,
  };
}

export async function startServer(options: FakeOptions = {}, protocols?: readonly string[]): Promise<FakeApiServer> {
  const server = await FakeApiServer.start(options, protocols);
  onTestFinished(() => server.stop());
  return server;
}

/** A kubeconfig with the context `test` for one server. */
export function kubeconfigFor(server: { readonly url: string }, user: object = {}, cluster: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'fake', user: 'tester', namespace: 'data' } }],
    clusters: [
      { name: 'fake', cluster: { server: server.url, 'certificate-authority-data': base64(authority), ...cluster } },
    ],
    users: [{ name: 'tester', user }],
  });
}

export interface Opened {
  readonly cluster: Cluster;
  readonly directory: ClusterDirectory;
  readonly file: string;
  readonly log: ReturnType<typeof keptLog>;
}

/** The context `test` of a kubeconfig that is written for it. */
export async function openTest(
  server: { readonly url: string },
  user: object = {},
  options: Partial<DirectoryOptions> & { readonly clusterEntry?: object } = {},
): Promise<Opened> {
  const file = path.join(temporaryFolder(), 'config');
  writeFileSync(file, kubeconfigFor(server, user, options.clusterEntry));
  const log = keptLog();
  const directory = makeDirectory({ kubeconfigPaths: () => [file], log, ...options });
  return { cluster: await directory.open('test'), directory, file, log };
}

export function makeDirectory(options: Partial<DirectoryOptions>): ClusterDirectory {
  const directory = createClusterDirectory({
    kubeconfigPaths: () => [],
    environment: {},
    log: keptLog(),
    watchFiles: false,
    chance: () => 0,
    ...options,
  });
  onTestFinished(() => directory.stop());
  return directory;
}

/** Far above what anything here takes, on whatever machine. */
const patienceMs = 60_000;

/** Waits until something holds, and does something meanwhile. @throws when it never does */
export async function until(holds: () => boolean, meanwhile?: () => Promise<void>): Promise<void> {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > patienceMs) throw new Error(`It never came to this: ${holds.toString()}`);
    await meanwhile?.();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** For messages of which only a part matters. */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** What a watch has told, one word an event: `+name`, `-name`, and the type of all others. */
export function recorder(): {
  readonly told: string[];
  readonly events: WatchEvent[];
  listen(this: void, event: WatchEvent): void;
} {
  const told: string[] = [];
  const events: WatchEvent[] = [];
  return {
    told,
    events,
    listen(event) {
      events.push(event);
      told.push(wordOf(event));
    },
  };
}

function wordOf(event: WatchEvent): string {
  if (event.type !== 'put' && event.type !== 'remove') return event.type;
  const name = textAt(objectAt(event.object, 'metadata'), 'name') ?? '';
  return `${event.type === 'put' ? '+' : '-'}${name}`;
}

/** A login plugin: a script for this Node. It counts its runs in a file beside it. */
export function writePlugin(body: string): {
  readonly command: string;
  readonly runs: () => number;
  readonly folder: string;
} {
  const folder = temporaryFolder();
  const command = path.join(folder, 'plugin');
  const count = path.join(folder, 'runs');
  writeFileSync(count, '');
  writeFileSync(
    command,
    `#!${process.execPath}\nrequire('node:fs').appendFileSync(${JSON.stringify(count)}, 'x');\n${body}\n`,
  );
  chmodSync(command, 0o755);
  return { command, folder, runs: () => statSync(count).size };
}
