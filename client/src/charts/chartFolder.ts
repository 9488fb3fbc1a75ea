import { access } from 'node:fs/promises';
import path from 'node:path';
import { roleInChart } from '#core/charts/chartFiles.ts';

/** A file may stand this many folders below its Chart.yaml. */
const LEVELS = 6;

/** A chart on this computer, and where in it a file stands. */
export interface ChartOnDisk {
  readonly folder: string;
  /** From the folder, with forward slashes. */
  readonly path: string;
  /** Files of values that a preview from this file lays over those of the chart. */
  readonly valuesFiles: readonly string[];
}

/** The innermost chart around a file; undefined when there is none. */
export async function findChart(file: string): Promise<ChartOnDisk | undefined> {
  let folder = path.dirname(file);
  for (let level = 0; level < LEVELS; level++) {
    if (await exists(path.join(folder, 'Chart.yaml'))) {
      const inside = path.relative(folder, file).split(path.sep).join('/');
      return { folder, path: inside, valuesFiles: roleInChart(inside) === 'moreValues' ? [file] : [] };
    }
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
