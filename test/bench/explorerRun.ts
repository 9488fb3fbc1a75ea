// One run of test/bench/explorer.ts, in a process of its own so that its memory is only what the sidebar needs: directory, connections, sessions
// and rows as in the editor, without the editor that draws them. Sends its figures to its parent; without one it prints them.
//   node --expose-gc test/bench/explorerRun.ts [pods] [StatefulSets] [namespaces] [contexts]
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as kubernetes from '#client/cluster/kubernetes.ts';
import { systemClock } from '#client/cluster/systemClock.ts';
import { LiveContexts } from '#client/live/liveContexts.ts';
import { ClusterTree } from '#client/views/clusters/clusterTree.ts';
import { readLiveSettings } from '#core/live/liveSettings.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeElement, TreeRow } from '#core/live/tree/row.ts';
import { NO_OPERATIONS } from '#core/operations/shownRun.ts';
import type { ServerReply, ServerRequest } from './explorerServer.ts';

export interface RunFigures {
  /** Rows that are open. */
  readonly rows: number;
  /** From the wish to connect to the rows of all namespaces, in milliseconds; the processor time of this side and of the server in it. */
  readonly firstTree: number;
  readonly firstTreeCpu: number;
  readonly serverCpu: number;
  /** From the change on the server to the row that tells it, in milliseconds. */
  readonly eventP50: number;
  readonly eventP95: number;
  /** Resident memory above what it was before the connection, in MB, and the heap's part of it. */
  readonly memory: number;
  readonly heap: number;
  /** Share of one core, in percent: nothing has changed for a while, and 100 changes a second. */
  readonly cpuIdle: number;
  readonly cpuBusy: number;
  /** Rows that the editor is made to draw again in a second of these changes. */
  readonly redrawn: number;
}

const EVENTS = 300;
const EVENTS_A_SECOND = 100;
const CPU_MS = 5000;
const SETTLE_MS = 3000;
const OPEN_CLUSTERS = 20;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const mebibytes = (bytes: number): number => bytes / 1024 ** 2;
const wallTime = (): number => performance.timeOrigin + performance.now();

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

class Server {
  readonly #process: ChildProcess;
  readonly #replies: ServerReply[] = [];
  #waiting: (() => void) | undefined;

  constructor(args: readonly string[]) {
    this.#process = fork(fileURLToPath(new URL('explorerServer.ts', import.meta.url)), args, { execArgv: [] });
    this.#process.on('message', (reply: ServerReply) => {
      this.#replies.push(reply);
      this.#waiting?.();
    });
  }

  send(request: ServerRequest): void {
    this.#process.send(request);
  }

  /** Everything it has said since the last call. */
  take(): readonly ServerReply[] {
    return this.#replies.splice(0);
  }

  async next(): Promise<ServerReply> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply) return reply;
      await new Promise<void>((resolve, reject) => {
        this.#waiting = resolve;
        this.#process.once('exit', () => reject(new Error('The server has ended')));
      });
    }
  }

  async cpu(): Promise<number> {
    this.send({ type: 'cost' });
    const reply = await this.next();
    return reply.type === 'cost' ? reply.cpu : Number.NaN;
  }

  stop(): void {
    this.#process.removeAllListeners();
    this.#process.disconnect();
  }
}

async function measureRun(args: readonly string[]): Promise<RunFigures> {
  const server = new Server(args);
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-explorer-'));
  const ready = await server.next();
  const texts = ready.type === 'ready' ? ready.kubeconfigs : [];
  const files = texts.map((text, index) => {
    const file = path.join(folder, `config-${index}`);
    writeFileSync(file, text);
    return file;
  });
  const contexts = createContexts(files);
  try {
    return await measureContexts(server, contexts);
  } finally {
    contexts.stop();
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function createContexts(files: readonly string[]): LiveContexts {
  const { settings } = readLiveSettings({ kubeconfig: files }, { protectedContexts: [], readOnlyContexts: [] });
  return new LiveContexts({
    load: () => kubernetes,
    settings: () => settings,
    isTrusted: () => true,
    isInUse: () => false,
    operations: () => NO_OPERATIONS,
    environment: {},
    clock: systemClock,
    log: { error: console.error, warn: console.warn, info: () => {}, debug: () => {} },
    onLoginMessage: () => {},
  });
}

async function measureContexts(server: Server, contexts: LiveContexts): Promise<RunFigures> {
  const tree = treeOf(contexts);
  await contexts.open();
  const serverBefore = await server.cpu();
  globalThis.gc?.();
  const before = process.memoryUsage();
  const cpuBefore = cpuTime();
  const began = performance.now();
  const names = contexts.contexts.map(({ summary }) => summary.name);
  const opened = await Promise.all(names.map((name) => contexts.connect(name)));
  await Promise.all(opened.map(({ watch }) => watch.ready));
  const rows = openRows(tree);
  const firstTree = performance.now() - began;
  const firstTreeCpu = cpuTime() - cpuBefore;
  const serverCpu = (await server.cpu()) - serverBefore;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const drawn = new DrawnRows(tree, rows);
  const drawing = contexts.onDidChange(() => drawn.draw());
  const delays = (await timeEvents(server, drawn)).toSorted((a, b) => a - b);
  const cpuIdle = await cpuShare();
  server.send({ type: 'events', eventsPerSecond: EVENTS_A_SECOND });
  const redrawnBefore = drawn.redrawn;
  const cpuBusy = await cpuShare();
  const redrawn = (drawn.redrawn - redrawnBefore) / ((SETTLE_MS + CPU_MS) / 1000);
  server.send({ type: 'events', eventsPerSecond: 0 });
  drawing.stop();
  const at = (share: number): number => delays[Math.floor(delays.length * share)] ?? Number.NaN;
  return {
    rows: rows.size,
    firstTree,
    firstTreeCpu,
    serverCpu,
    eventP50: at(0.5),
    eventP95: at(0.95),
    memory: mebibytes(after.rss - before.rss),
    heap: mebibytes(after.heapUsed - before.heapUsed),
    cpuIdle,
    cpuBusy,
    redrawn,
  };
}

function treeOf(contexts: LiveContexts): ClusterTree {
  return new ClusterTree({
    contexts,
    favourites: { read: () => [], write: () => {} },
    clock: systemClock,
    inside: () => 'onDemand',
  });
}

/** Every row down to the data clusters, and the members of some: more than anybody has open. With whether each is open. */
function openRows(tree: ClusterTree): ReadonlyMap<TreeElement, boolean> {
  const rows = new Map<TreeElement, boolean>();
  let clusters = 0;
  const open = (parent: TreeElement | undefined): void => {
    for (const element of tree.children(parent)) {
      const { kind } = element.row;
      const isCluster = kind.startsWith('dataCluster.');
      if (isCluster) clusters++;
      const isOpened = kind === 'context' || kind === 'namespace' || (isCluster && clusters <= OPEN_CLUSTERS);
      rows.set(element, isOpened);
      if (isOpened) open(element);
    }
  };
  tree.refresh();
  open(undefined);
  return rows;
}

/** The rows as an editor has them, and when each became another one. Draws again what it is told to, with what is open below. */
class DrawnRows {
  readonly times = new Map<string, number[]>();
  redrawn = 0;
  readonly #tree: ClusterTree;
  readonly #open: ReadonlySet<string>;
  readonly #rows = new Map<string, TreeRow>();

  constructor(tree: ClusterTree, rows: ReadonlyMap<TreeElement, boolean>) {
    this.#tree = tree;
    this.#open = new Set([...rows].flatMap(([{ id }, isOpen]) => (isOpen ? [id] : [])));
    for (const { id, row } of rows.keys()) this.#rows.set(id, row);
  }

  draw(): void {
    for (const element of this.#tree.refresh()) this.#redraw(element);
  }

  #redraw(element: TreeElement | undefined): void {
    if (element !== undefined) this.#note(element);
    if (element !== undefined && !this.#open.has(element.id)) return;
    for (const child of this.#tree.children(element)) this.#redraw(child);
  }

  #note({ id, row }: TreeElement): void {
    this.redrawn++;
    if (this.#rows.get(id) === row) return;
    this.#rows.set(id, row);
    this.times.set(id, [...(this.times.get(id) ?? []), wallTime()]);
  }
}

/** So many changes a second: what the server says of its time, and when the row of the data cluster was another one after that, if ever. */
async function timeEvents(server: Server, drawn: DrawnRows): Promise<readonly number[]> {
  const began = performance.now();
  for (let index = 0; index < EVENTS; index++) {
    await pause(Math.max(0, began + (index * 1000) / EVENTS_A_SECOND - performance.now()));
    server.send({ type: 'flip', index });
  }
  await pause(SETTLE_MS);
  return server.take().flatMap((reply) => {
    if (reply.type !== 'flipped') return [];
    const { context, namespace, set, at } = reply;
    const id = rowIds.cluster(context, `${set.split('-')[0] ?? ''}/${namespace}/${set}`);
    const shown = drawn.times.get(id)?.find((time) => time >= at);
    return [(shown ?? Number.POSITIVE_INFINITY) - at];
  });
}

async function cpuShare(): Promise<number> {
  await pause(SETTLE_MS);
  const before = cpuTime();
  const began = performance.now();
  await pause(CPU_MS);
  return ((cpuTime() - before) / (performance.now() - began)) * 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await measureRun(process.argv.slice(2));
  if (process.send) process.send(figures, () => process.disconnect());
  else console.table(figures);
}
