import { createHash } from 'node:crypto';
import { Chart } from '#core/charts/chart.ts';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { CHART_FILE, isReadOfChart } from '#core/charts/chartFiles.ts';

/** One file of a text that holds several, each below a line `# file: path`. */
export interface BundledFile {
  readonly path: string;
  readonly text: string;
  /** Line of the bundle its first line is, from 0. */
  readonly line: number;
}

/** Marks of the tests are taken out of JSON, which has no comments. */
export function readBundle(bundle: string): readonly BundledFile[] {
  const lines = bundle.split('\n');
  const starts = lines.flatMap((line, index) => (line.startsWith('# file: ') ? [index] : []));
  return starts.map((start, at) => {
    const path = lines[start]?.slice('# file: '.length) ?? '';
    const own = lines.slice(start + 1, starts[at + 1] ?? lines.length);
    const text = own.map((line) => (path.endsWith('.json') && /^\s*#/.test(line) ? '' : line)).join('\n');
    return { path, text, line: start + 1 };
  });
}

const FOLDER = 'file:///work';

/** The chart a file of a bundle belongs to, with the files that are read of it. */
export function placeInChart(
  path: string,
  files: readonly Pick<BundledFile, 'path' | 'text'>[],
): ChartPlace | undefined {
  const folders = files
    .filter((file) => file.path.endsWith(`/${CHART_FILE}`))
    .map((file) => file.path.slice(0, -CHART_FILE.length - 1));
  const folder = folders.filter((one) => path.startsWith(`${one}/`)).toSorted((a, b) => b.length - a.length)[0];
  if (folder === undefined) return undefined;
  const inside = files.flatMap((file): [string, string][] =>
    file.path.startsWith(`${folder}/`) ? [[file.path.slice(folder.length + 1), file.text]] : [],
  );
  const texts = new Map(inside.filter(([name]) => isReadOfChart(name)));
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const chart = new Chart({ folderUri: `${FOLDER}/${folder}`, texts, archives: [], digest });
  return { chart, path: path.slice(folder.length + 1) };
}
