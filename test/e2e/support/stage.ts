import { cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { inProject } from '../../../scripts/editor/paths.mjs';
import type { WorkloadName } from '../../cluster/bed/workloads/deploy.ts';
import { openWindow } from './browser.ts';
import type { Report } from './report.ts';
import type { LiveCluster } from './liveCluster.ts';
import type { Tripwire } from './tripwire.ts';
import { Workbench } from './workbench.ts';

/** What a journey is given. */
export interface Stage {
  readonly step: Report['step'];
  /** An empty folder of this journey's own, deleted when the journey is over. */
  readonly folder: string;
  /** The process of the editor; what it started is below it. */
  readonly editorProcess: number;
  /** A cluster that nobody may touch before the user asks. */
  readonly tripwire: Tripwire;
  /** A real cluster, for the journeys that want one. */
  readonly live?: LiveCluster | undefined;
  /** Copies a file of the project's `samples` into the folder. */
  addSample(this: void, name: string): Promise<string>;
  /** Opens the folder in the editor. */
  openEditor(this: void): Promise<Workbench>;
  /** The text of a file of the folder, as it is on the disk. */
  readFile(this: void, name: string): Promise<string>;
  /** Keeps a picture of the editor for the manual. */
  takePicture(this: void, workbench: Workbench, name: string): Promise<void>;
}

export interface Journey {
  readonly name: string;
  /** What has to be deployed in the real cluster. */
  readonly needs?: readonly WorkloadName[];
  readonly run: (stage: Stage) => Promise<void>;
}

export interface StageSettings {
  readonly report: Report;
  readonly browser: Browser;
  /** Address of the editor, ending in a slash. */
  readonly address: string;
  readonly editorProcess: number;
  /** The folder a picture of this name is kept in. */
  readonly pictureFolder: (name: string) => string;
  readonly failuresFolder: string;
  readonly tripwire: Tripwire;
  readonly live?: LiveCluster | undefined;
}

/** Runs a journey in a folder and a window of its own. On failure the window is kept as a picture. */
export async function performJourney(journey: Journey, settings: StageSettings): Promise<void> {
  const parent = await realpath(await mkdtemp(path.join(tmpdir(), 'data-clusters-e2e-')));
  // The editor shows the name of the folder, in the manual's pictures too.
  const folder = path.join(parent, 'manifests');
  await mkdir(folder);
  const window = await openWindow(settings.browser);
  try {
    await journey.run({
      step: settings.report.step,
      folder,
      editorProcess: settings.editorProcess,
      tripwire: settings.tripwire,
      live: settings.live,
      addSample: async (name) => {
        const target = path.join(folder, name);
        await cp(inProject('samples', name), target);
        return target;
      },
      openEditor: async () => {
        const workbench = new Workbench(await window.newPage());
        await workbench.open(`${settings.address}?folder=${encodeURIComponent(folder)}`);
        return workbench;
      },
      readFile: (name) => readFile(path.join(folder, name), 'utf8'),
      takePicture: (workbench, name) => keepPicture(workbench, settings.pictureFolder(name), name),
    });
  } catch (error) {
    await keepFailure(window.pages(), settings.failuresFolder, journey.name);
    throw error;
  } finally {
    await window.close();
    await rm(parent, { recursive: true, force: true });
  }
}

async function keepPicture(workbench: Workbench, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await workbench.page.screenshot({
    path: path.join(folder, `${name}.png`),
    animations: 'disabled',
    caret: 'initial',
  });
}

async function keepFailure(
  pages: readonly { screenshot(options: { path: string }): Promise<unknown> }[],
  folder: string,
  name: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = pages.map((page, index) => ({
    page,
    file: `${name.replaceAll(/\W+/g, '-')}-${index}.png`,
  }));
  await Promise.allSettled(files.map(({ page, file }) => page.screenshot({ path: path.join(folder, file) })));
}
