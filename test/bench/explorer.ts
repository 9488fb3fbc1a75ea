// What the sidebar costs on a large cluster: `node --expose-gc test/bench/explorer.ts [pods] [StatefulSets]`, and a section of `npm run bench`.
// An API server in a process of its own, and on this side everything the editor has, but the editor: directory, connection, session, rows.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createClusterDirectory } from '#client/cluster/kubernetes.ts';
import { systemClock } from '#client/cluster/systemClock.ts';
import type { Cluster } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import { NO_FILTER } from '#core/live/tree/input.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import type { ContextWatch } from '#core/live/view.ts';
import type { ServerReply, ServerRequest } from './explorerServer.ts';

export interface ExplorerFigures {
  readonly pods: number;
  readonly statefulSets: number;
  /** Rows that are open. */
  readonly rows: number;
  /** From the connection to the rows of all namespaces, in milliseconds. */
  readonly firstTree: number;
  /** From the change on the server to the row, in milliseconds. */
  readonly eventP50: number;
  readonly eventP95: number;
  /** Resident memory above what it was before the connection, in MB, and the heap's part of it. */
  readonly memory: number;
  readonly heap: number;
  /** Share of one core, in percent: nothing happens, and 100 changes a second. */
  readonly cpuIdle: number;
  readonly cpuBusy: number;
}

const EVENTS = 100;
const EVENTS_A_SECOND = 100;
const CPU_MS = 5000;
const OPEN_CLUSTERS = 20;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const mebibytes = (bytes: number): number => bytes / 1024 ** 2;

export async function measureExplorer(pods = 10_000, statefulSets = 1000): Promise<ExplorerFigures> {
  const server = await startServer(pods, statefulSets);
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-explorer-'));
  const file = path.join(folder, 'config');
  writeFileSync(file, server.kubeconfig);
  const log = { error: console.error, warn: console.warn, info: () => {}, debug: () => {} };
  const directory = createClusterDirectory({ kubeconfigPaths: () => [file], environment: {}, log, watchFiles: false });
  try {
    const [context] = await directory.contexts();
    return await measureContext(server.process, await directory.open(context?.name ?? ''), { pods, statefulSets });
  } finally {
    directory.stop();
    server.process.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureContext(
  server: ChildProcess,
  cluster: Cluster,
  size: { readonly pods: number; readonly statefulSets: number },
): Promise<ExplorerFigures> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const began = performance.now();
  const watch = watchContext(cluster, { clock: systemClock });
  const tree = treeOf(cluster, watch);
  await watch.ready;
  const rows = openRows(tree);
  const firstTree = performance.now() - began;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const drawing = watch.onDidChange(() => tree.refresh());
  const delays = await timeEvents(server, watch);
  const cpuIdle = await cpuShare();
  send(server, { type: 'events', eventsPerSecond: EVENTS_A_SECOND });
  const cpuBusy = await cpuShare();
  send(server, { type: 'events', eventsPerSecond: 0 });
  drawing.stop();
  watch.stop();
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    ...size,
    rows,
    firstTree,
    eventP50: at(0.5),
    eventP95: at(0.95),
    memory: mebibytes(after.rss - before.rss),
    heap: mebibytes(after.heapUsed - before.heapUsed),
    cpuIdle,
    cpuBusy,
  };
}

function treeOf(cluster: Cluster, watch: ContextWatch): TreeModel {
  return new TreeModel(() => ({
    contexts: [
      {
        summary: cluster.context,
        isVanished: false,
        isProtected: false,
        isReadOnly: false,
        connection: 'open',
        problem: undefined,
        view: watch.view,
        asked: new Set(),
        events: new Map(),
      },
    ],
    filter: NO_FILTER,
    favourites: new Set(),
    isAskable: () => true,
    now: Date.now(),
  }));
}

/** Every row down to the data clusters, and the members of some: more than anybody has open. @returns how many rows */
function openRows(tree: TreeModel): number {
  let rows = 0;
  let clusters = 0;
  const open = (id: string | undefined): void => {
    for (const row of tree.childrenOf(id)) {
      rows++;
      const isCluster = row.kind.startsWith('dataCluster.');
      if (isCluster) clusters++;
      const isOpened = row.kind === 'context' || row.kind === 'namespace' || (isCluster && clusters <= OPEN_CLUSTERS);
      if (isOpened) open(row.id);
    }
  };
  open(undefined);
  return rows;
}

/** One change after the other: what the server says of its time, and when a row is another one. */
async function timeEvents(server: ChildProcess, watch: ContextWatch): Promise<readonly number[]> {
  const shown = new Map<string, number>();
  const told: { readonly key: string; readonly at: number }[] = [];
  // Told after the rows, which listen too and were there first.
  const listening = watch.onDidChange(({ keys }) => {
    for (const key of keys) shown.set(key, performance.timeOrigin + performance.now());
  });
  for (let index = 0; index < EVENTS; index++) {
    const reply = nextReply(server);
    send(server, { type: 'flip', index });
    const flipped = await reply;
    if (flipped.type === 'flipped')
      told.push({ key: `${flipped.set.split('-')[0] ?? ''}/${flipped.namespace}/${flipped.set}`, at: flipped.at });
    await pause(1000 / EVENTS_A_SECOND);
  }
  await pause(1000);
  listening.stop();
  return told.map(({ key, at }) => (shown.get(key) ?? Number.POSITIVE_INFINITY) - at).filter((delay) => delay >= 0);
}

async function cpuShare(): Promise<number> {
  await pause(500);
  const before = process.cpuUsage();
  const began = performance.now();
  await pause(CPU_MS);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1000 / (performance.now() - began)) * 100;
}

async function startServer(
  pods: number,
  statefulSets: number,
): Promise<{ readonly process: ChildProcess; readonly kubeconfig: string }> {
  const child = fork(fileURLToPath(new URL('explorerServer.ts', import.meta.url)), [
    String(pods),
    String(statefulSets),
  ]);
  const reply = await nextReply(child);
  if (reply.type !== 'ready') throw new Error('The server did not start');
  return { process: child, kubeconfig: reply.kubeconfig };
}

function nextReply(child: ChildProcess): Promise<ServerReply> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('The server has ended'));
    child.once('exit', ended);
    child.once('message', (reply: ServerReply) => {
      child.off('exit', ended);
      resolve(reply);
    });
  });
}

function send(child: ChildProcess, request: ServerRequest): void {
  child.send(request);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [pods, statefulSets] = process.argv.slice(2).map(Number);
  console.table(await measureExplorer(pods, statefulSets));
}
