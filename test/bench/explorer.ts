// What the sidebar costs on large clusters: a section of `npm run bench`, or alone with `npm run bench -- explorer`.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunFigures } from './explorerRun.ts';

export interface Scene {
  readonly title: string;
  readonly runs: number;
  /** The median of each figure. */
  readonly figures: RunFigures;
}

const RUNS = 3;

/** The same number of objects, with the shape of one cluster for all and of many small ones. */
const scenes = [
  { title: 'one context', namespaces: 40, contexts: 1 },
  { title: '15 contexts', namespaces: 45, contexts: 15 },
];

export async function measureExplorer(pods = 10_000, statefulSets = 1000): Promise<readonly Scene[]> {
  const measured: Scene[] = [];
  for (const { title, namespaces, contexts } of scenes) {
    const runs: RunFigures[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measureOnce([pods, statefulSets, namespaces, contexts]));
    measured.push({ title, runs: RUNS, figures: medians(runs) });
  }
  return measured;
}

/** In a process of its own, which has seen nothing before and can collect its garbage. */
function measureOnce(args: readonly number[]): Promise<RunFigures> {
  return new Promise((resolve, reject) => {
    const file = fileURLToPath(new URL('explorerRun.ts', import.meta.url));
    const child = fork(file, args.map(String), { execArgv: ['--expose-gc'] });
    child.once('message', (figures: RunFigures) => resolve(figures));
    child.once('error', reject);
    child.once('exit', () => reject(new Error('A run ended without figures')));
  });
}

function medians(runs: readonly RunFigures[]): RunFigures {
  const of = (figure: keyof RunFigures): number => {
    const sorted = runs.map((run) => run[figure]).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    rows: of('rows'),
    firstTree: of('firstTree'),
    firstTreeCpu: of('firstTreeCpu'),
    serverCpu: of('serverCpu'),
    eventP50: of('eventP50'),
    eventP95: of('eventP95'),
    memory: of('memory'),
    heap: of('heap'),
    cpuIdle: of('cpuIdle'),
    cpuBusy: of('cpuBusy'),
    redrawn: of('redrawn'),
  };
}
