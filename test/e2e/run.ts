// Drives real editors: VS Code's workbench in Chromium, Neovim and Emacs. Everything that is missing is installed first.
//   NAME...            run only the journeys whose name contains one of the words
//   --cluster         run the journeys on a real cluster: that of KUBECONFIG, or the local test bed; it must be marked as a test cluster.
//                     Without words those whose workloads are deployed there are run, and the others are named
//   --keep-pictures    write the pictures of the manual to docs/images (otherwise to dist/e2e/pictures)
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';
import { freePort, installExtension, prepareProfile, startCodeServer } from '../../scripts/editor/codeServer.mjs';
import { ensureCodeServer } from '../../scripts/editor/codeServerInstall.mjs';
import { editorPackages, ensurePackages } from '../../scripts/editor/debianPackages.mjs';
import { inProject } from '../../scripts/editor/paths.mjs';
import { testSettings } from '../../scripts/editor/settings.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { crashes } from './journeys/crash.ts';
import { demo } from './journeys/demo.ts';
import { emacs } from './journeys/emacs.ts';
import { hover } from './journeys/hover.ts';
import { jobs } from './journeys/jobs.ts';
import { liveCassandra } from './journeys/live/cassandra.ts';
import { liveEdit } from './journeys/live/edit.ts';
import { liveJobs } from './journeys/live/jobs.ts';
import { liveKafka } from './journeys/live/kafka.ts';
import { liveReader } from './journeys/live/reader.ts';
import { operations } from './journeys/operations.ts';
import { liveSpark } from './journeys/live/spark.ts';
import { liveRestart } from './journeys/live/restart.ts';
import { navigation } from './journeys/navigation.ts';
import { neovim } from './journeys/neovim.ts';
import { quickFix } from './journeys/quickFix.ts';
import { nestedSlide, slide } from './journeys/slide.ts';
import { ringOperations } from './journeys/ringOperations.ts';
import { silence } from './journeys/silence.ts';
import { status } from './journeys/status.ts';
import { tfjob } from './journeys/tfjob.ts';
import { startBrowser } from './support/browser.ts';
import { chooseJourneys } from './support/chooseJourneys.ts';
import { closeLiveCluster, openLiveCluster, type LiveCluster } from './support/liveCluster.ts';
import { createReport, StepFailure, type Report } from './support/report.ts';
import { performJourney, type Journey, type StageSettings } from './support/stage.ts';
import { Tripwire } from './support/tripwire.ts';

const localJourneys: readonly Journey[] = [
  slide,
  nestedSlide,
  quickFix,
  tfjob,
  hover,
  navigation,
  status,
  silence,
  demo,
  operations,
  jobs,
  ringOperations,
  crashes,
  neovim,
  emacs,
];

const liveJourneys: readonly Journey[] = [
  liveReader,
  liveKafka,
  liveEdit,
  liveRestart,
  liveCassandra,
  liveJobs,
  liveSpark,
];

/** The pictures that the README shows. */
const manualPictures = [
  'slide-findings',
  'quick-fix',
  'tfjob-completed',
  'hover',
  'live-clusters',
  'live-drained',
  'demo-cluster',
  'details',
  'operation-rebalance',
  'operation-running',
];

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { 'keep-pictures': { type: 'boolean', default: false }, cluster: { type: 'boolean', default: false } },
});

const report = createReport((line) => process.stdout.write(`${line}\n`));
const home = await mkdtemp(path.join(tmpdir(), 'data-clusters-editor-'));
try {
  await runAll(report);
} catch (error) {
  report.fail('the editor tests could not run', error);
} finally {
  await rm(home, { recursive: true, force: true });
}
process.stdout.write(`${report.passed} passed, ${report.failed} failed\n`);
process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1;

async function runAll(into: Report): Promise<void> {
  const live = options.cluster ? await openLiveCluster(home) : undefined;
  try {
    const { journeys, leftOut } = chooseJourneys(live ? liveJourneys : localJourneys, words, live?.workloads ?? []);
    if (leftOut !== undefined) process.stdout.write(`${leftOut}\n`);
    await runJourneys(into, journeys, live);
  } finally {
    if (live) await closeLiveCluster(live);
  }
}

async function runJourneys(into: Report, journeys: readonly Journey[], live: LiveCluster | undefined): Promise<void> {
  await ensurePackages(editorPackages, 'Driving real editors');
  if (options['keep-pictures']) await ensurePackages(['pngquant'], 'Keeping pictures small');
  const tripwire = await Tripwire.start(home);
  const editor = await startEditor(live?.kubeconfig ?? tripwire.kubeconfig);
  const browser = await startBrowser();
  try {
    const settings: StageSettings = {
      report: into,
      browser,
      address: editor.url,
      editorProcess: editor.child.pid ?? 0,
      pictureFolder: (name) => {
        const isKept = options['keep-pictures'] && manualPictures.includes(name);
        return isKept ? inProject('docs', 'images') : inProject('dist', 'e2e', 'pictures');
      },
      failuresFolder: inProject('dist', 'e2e', 'failures'),
      tripwire,
      live,
    };
    for (const journey of journeys) await performCounted(journey, settings);
    if (options['keep-pictures']) await shrinkPictures(inProject('docs', 'images'));
  } finally {
    await browser.close();
    await editor.stop();
    tripwire.stop();
  }
}

/** The pictures are part of the package; with 256 colours a page looks the same at a third of the size. */
async function shrinkPictures(folder: string): Promise<void> {
  const names = manualPictures.map((name) => path.join(folder, `${name}.png`)).filter((file) => existsSync(file));
  await promisify(execFile)('pngquant', ['--force', '--ext', '.png', '256', ...names]);
}

/** Every failure counts once and never keeps the other journeys from running. */
async function performCounted(journey: Journey, settings: StageSettings): Promise<void> {
  process.stdout.write(`${journey.name}\n`);
  try {
    await performJourney(journey, settings);
  } catch (error) {
    if (!(error instanceof StepFailure)) settings.report.fail(journey.name, error);
  }
}

/** The editor with the packaged extension, as a user would install it. */
async function startEditor(kubeconfig: string): Promise<Awaited<ReturnType<typeof startCodeServer>>> {
  const entry = await ensureCodeServer();
  const profile = prepareProfile(path.join(home, 'profile'), testSettings);
  const vsix = path.join(home, 'data-clusters.vsix');
  await packageExtension(vsix);
  await installExtension(entry, profile, vsix);
  return await startCodeServer({ entry, profile, port: await freePort(), environment: { KUBECONFIG: kubeconfig } });
}
