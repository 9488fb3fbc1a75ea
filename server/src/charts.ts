import { createHash } from 'node:crypto';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Chart } from '#core/charts/chart.ts';
import { CHART_FILE, isReadOfChart } from '#core/charts/chartFiles.ts';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { neverCancelled, type WorkspaceFiles } from '#core/ports.ts';
import { uriOfPath } from '#server/uris.ts';

/** A file may stand this many folders below its Chart.yaml. */
const LEVELS = 6;
/** Far above the files of a chart that are read; one with more is known in part. */
const FILE_LIMIT = 2_000;
const CHARACTER_LIMIT = 8 * 1024 * 1024;
const ENDINGS: readonly string[] = ['.yaml', '.yml', '.json', '.lock', '.tpl', '.tgz'];

/** Knows the Helm charts around files, and remembers them until told to forget. */
export class Charts {
  readonly #files: WorkspaceFiles;
  readonly #byFolder = new Map<string, Promise<Chart | undefined>>();

  constructor(files: WorkspaceFiles) {
    this.#files = files;
  }

  /** The innermost chart a file belongs to. @param path absolute */
  async placeOf(path: string): Promise<ChartPlace | undefined> {
    let folder = dirname(path);
    for (let level = 0; level < LEVELS; level++) {
      const chart = await this.#chartIn(folder);
      if (chart) return { chart, path: relative(folder, path).split(sep).join('/') };
      const parent = dirname(folder);
      if (parent === folder) return undefined;
      folder = parent;
    }
    return undefined;
  }

  forgetAll(): void {
    this.#byFolder.clear();
  }

  #chartIn(folder: string): Promise<Chart | undefined> {
    const known = this.#byFolder.get(folder);
    if (known) return known;
    const chart = this.#read(folder);
    this.#byFolder.set(folder, chart);
    return chart;
  }

  async #read(folder: string): Promise<Chart | undefined> {
    const content = await this.#files.read(join(folder, CHART_FILE));
    if (content.kind === 'problem') return undefined;
    const texts = new Map([[CHART_FILE, content.text]]);
    const paths = await this.#files.list({ folders: [folder], extensions: ENDINGS, limit: FILE_LIMIT }, neverCancelled);
    let characters = 0;
    for (const path of paths) {
      const name = relative(folder, path).split(sep).join('/');
      if (texts.has(name) || !isReadOfChart(name) || characters > CHARACTER_LIMIT) continue;
      const file = await this.#files.read(path);
      if (file.kind === 'problem') continue;
      characters += file.text.length;
      texts.set(name, file.text);
    }
    const archives = paths.filter((path) => path.endsWith('.tgz') && dirname(path) === join(folder, 'charts'));
    const source = {
      folderUri: uriOfPath(folder),
      texts,
      archives: archives.map((path) => basename(path)),
      digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    };
    return new Chart(source, await this.#isInside(folder));
  }

  /** Whether a folder is that of a dependency: in `charts` of another chart, and not merely in a folder of that name. */
  async #isInside(folder: string): Promise<boolean> {
    const parent = dirname(folder);
    return basename(parent) === 'charts' && (await this.#files.kindOf(join(dirname(parent), CHART_FILE))) === 'file';
  }
}
