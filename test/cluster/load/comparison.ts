import { hundredths, median } from './percentiles.ts';

/** One figure of a run, under the name that a reader sees; undefined where this kind of run has none. */
export type Row<Run> = readonly [name: string, figure: (run: Run) => number | undefined];

/** One figure of a run, under the name that a reader sees. */
export type Figures = Readonly<Record<string, number>>;

/** All runs of one kind, next to those of another. */
export interface Column<Run> {
  readonly title: string;
  readonly runs: readonly Run[];
}

/** A Markdown table with a line for each figure: medians, with their ranges where there are several values. */
export function comparisonTable<Run>(columns: readonly Column<Run>[], rows: readonly Row<Run>[]): string {
  const [count, ...others] = new Set(columns.map(({ runs }) => runs.length));
  const isEven = others.length === 0;
  const heading = isEven ? `${count ?? 0} runs each, median (range)` : 'median (range) of so many runs';
  return [
    line(heading, ...columns.map(({ title, runs }) => (isEven ? title : `${title} (${runs.length})`))),
    line(...['', ...columns].map(() => '---')),
    ...rows.map(([name, figure]) => line(name, ...columns.map(({ runs }) => spread(valuesOf(runs, figure))))),
  ].join('\n');
}

/** The same of one run as data. */
export const figuresOf = <Run>(run: Run, rows: readonly Row<Run>[]): Figures =>
  Object.fromEntries(
    rows.flatMap(([name, figure]) => {
      const value = figure(run);
      return value === undefined ? [] : [[plain(name), value] as const];
    }),
  );

/** A line for each figure, for people who look on. */
export function formatFigures<Run>(title: string, runs: readonly Run[], rows: readonly Row<Run>[]): string {
  const lines = rows.flatMap(([name, figure]) => {
    const values = valuesOf(runs, figure);
    return values.length === 0 ? [] : [`  ${plain(name).padEnd(52)} ${spread(values)}`];
  });
  return [`${title}, ${runs.length === 1 ? 'one run' : `median of ${runs.length} runs (range)`}`, ...lines].join('\n');
}

/** The median; with the range where it is one. Nothing for no value. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = hundredths(median(values));
  return least === most ? String(middle) : `${middle} (${hundredths(least)} to ${hundredths(most)})`;
}

const valuesOf = <Run>(runs: readonly Run[], figure: Row<Run>[1]): number[] =>
  runs.map(figure).filter((value) => value !== undefined);

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const plain = (name: string): string => name.replaceAll('*', '');
