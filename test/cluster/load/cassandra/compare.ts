import { until } from '../../bed/commands.ts';
import { kubectl, type Access } from '../../bed/kubectl.ts';
import { comparisonTable, figuresOf, formatFigures, type Column, type Figures } from '../comparison.ts';
import { seededChance, shuffled } from '../order.ts';
import { hundredths, median } from '../percentiles.ts';
import { measureCqlRestart, type CqlRestart } from '../restarts.ts';
import { restartBy, ways, wayTitles, type Way } from '../ways.ts';
import { readHintFiles } from './hints.ts';
import type { CqlLoadOptions } from './load.ts';
import { probeNames, probeTitle, setProbe, type ProbeName } from './probes.ts';
import { cqlRows } from './rows.ts';
import { sampleRing } from './sampler.ts';
import { bedMembers } from './session.ts';

export interface CqlComparisonOptions {
  readonly load: CqlLoadOptions;
  readonly probes: readonly ProbeName[];
  /** How often each way is taken with each probe. */
  readonly rounds: number;
  /** Of the order. */
  readonly seed: number;
  /** No restart is begun when these are over. */
  readonly minutes: number;
  /** The folder in which the bed keeps what pods store. */
  readonly volumes: string;
}

/** One restart to be done. */
export interface PlannedRun {
  readonly probe: ProbeName;
  readonly way: Way;
}

export type DoneRun = PlannedRun & { readonly run: CqlRestart };

export interface CqlComparison {
  readonly seed: number;
  readonly done: readonly DoneRun[];
  /** Those that did not come to their end, and those for which no time was left. */
  readonly missing: readonly (PlannedRun & { readonly reason: string })[];
}

/**
 * Every restart in the order in which it is done. Probes come in any order, and with each of them the ways in any order in every round: a
 * change of the probe restarts all nodes, so all runs with one follow each other, and whatever else the machine does meets both ways alike.
 */
export function planRuns(probes: readonly ProbeName[], rounds: number, seed: number): readonly PlannedRun[] {
  const chance = seededChance(seed);
  const round = (probe: ProbeName): PlannedRun[] => shuffled(ways, chance).map((way) => ({ probe, way }));
  return shuffled(probes, chance).flatMap((probe) => Array.from({ length: rounds }, () => round(probe)).flat());
}

/** `kubectl rollout restart` and the safe restart of the same ring under the same load, with each of the probes. */
export async function compareCqlRestarts(
  access: Access,
  { load, probes, rounds, seed, minutes, volumes }: CqlComparisonOptions,
  say: (text: string) => void,
): Promise<CqlComparison> {
  const end = Date.now() + minutes * 60_000;
  const done: DoneRun[] = [];
  const missing: (PlannedRun & { reason: string })[] = [];
  try {
    for (const planned of planRuns(probes, rounds, seed)) {
      const { probe, way } = planned;
      if (Date.now() >= end) {
        missing.push({ ...planned, reason: 'No time was left.' });
        continue;
      }
      try {
        await prepare(access, probe, volumes);
        say(`${probeTitle(probe)}, ${wayTitles[way]}`);
        const run = await measureCqlRestart(load, restartBy(way, access, 'cassandra'), volumes);
        done.push({ ...planned, run });
        say(formatFigures(`${probeTitle(probe)}, ${wayTitles[way]}`, [run], cqlRows));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        missing.push({ ...planned, reason });
        say(reason);
      }
    }
  } finally {
    // The bed's own; Kubernetes does that by itself.
    await setProbe(access, 'tcp');
  }
  return { seed, done, missing };
}

/** The probe is there, every node is up for every other, and nobody keeps writes for one of them. */
async function prepare(access: Access, probe: ProbeName, volumes: string): Promise<void> {
  await setProbe(access, probe);
  await kubectl(access, ['-n', 'cassandra', 'rollout', 'status', 'statefulset/cassandra', '--timeout=600s']);
  await untilWhole();
  await until('hints to be sent', 180, async () => (await readHintFiles(volumes)).size === 0, 1000);
}

/** By every node's own gossip, for three seconds. */
async function untilWhole(): Promise<void> {
  const enough = new AbortController();
  let whole = 0;
  const sampling = sampleRing(
    {
      members: bedMembers,
      onSample({ views }) {
        const isWhole = views.every(({ up, down }) => up?.length === views.length && down.length === 0);
        whole = isWhole ? whole + 1 : 0;
      },
    },
    enough.signal,
  );
  try {
    await until('every node to be up for every other', 300, () => Promise.resolve(whole >= 6));
  } finally {
    enough.abort();
    await sampling;
  }
}

/** A column for each way with each probe, and how much longer the safe restart takes. */
export function cqlComparisonTable({ done, missing }: CqlComparison): string {
  const columns = columnsOf(done);
  const table = comparisonTable(columns, cqlRows);
  const ratio = ['**time, safe restart / rollout**', ...columns.map((column) => ratioOf(column, columns))];
  const lines = missing.map(({ probe, way, reason }) => `Missing: ${probeTitle(probe)}, ${wayTitles[way]}: ${reason}`);
  return [table, `| ${ratio.join(' | ')} |`, ...lines].join('\n');
}

/** The same as data, a list for each kind. */
export const cqlComparisonFigures = ({ done }: CqlComparison): Readonly<Record<string, readonly Figures[]>> =>
  Object.fromEntries(
    columnsOf(done).map(({ probe, way, runs }) => [`${probe}, ${way}`, runs.map((run) => figuresOf(run, cqlRows))]),
  );

type KindColumn = Column<CqlRestart> & PlannedRun;

function columnsOf(done: readonly DoneRun[]): readonly KindColumn[] {
  const kinds = probeNames.flatMap((probe) => ways.map((way) => ({ probe, way })));
  return kinds.flatMap((kind) => {
    const runs = done.filter(({ probe, way }) => probe === kind.probe && way === kind.way).map(({ run }) => run);
    return runs.length === 0 ? [] : [{ ...kind, title: `${probeTitle(kind.probe)}, ${wayTitles[kind.way]}`, runs }];
  });
}

function ratioOf({ probe, way, runs }: KindColumn, columns: readonly KindColumn[]): string {
  const rollout = columns.find((column) => column.probe === probe && column.way === 'kubectl');
  if (way !== 'ours' || rollout === undefined) return '';
  const time = (some: readonly CqlRestart[]): number => median(some.map(({ rolloutSeconds }) => rolloutSeconds));
  return String(hundredths(time(runs) / time(rollout.runs)));
}
