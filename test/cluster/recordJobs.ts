// Runs the live suites of jobs, or those that are named, and meanwhile writes the objects of every state that is told in another way to
// test/fixtures/recorded/jobs.json, with what was told.
//   SUITE...    tfjob tfjob-verbs trainjob trainjob-verbs spark spark-verbs when none is named; states of the others are kept
//   --retell    no cluster: tells the recorded objects once more, after sentences were changed on purpose; look at the difference
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { systemClock } from '#client/cluster/systemClock.ts';
import type { JsonObject } from '#core/json.ts';
import { watchContext } from '#core/live/session.ts';
import { readRecorded } from '#test/support/recordedObjects.ts';
import { inProject } from '../../scripts/editor/paths.mjs';
import { chooseAccess } from './support/chooseAccess.ts';
import { withOpened } from './support/directory.ts';
import { overheard, StateRecorder } from './support/recordedStates.ts';

interface Place {
  readonly namespace: string;
  /** Who writes the statuses there. */
  readonly by: string;
}

const training: Place = { namespace: 'training', by: 'training-operator 1.8.1' };
const trainJobs: Place = { namespace: 'trainjobs', by: 'Kubeflow Trainer 2.0.0' };

/** Where each suite works. */
const places: Readonly<Record<string, Place>> = {
  tfjob: training,
  'tfjob-verbs': training,
  trainjob: trainJobs,
  'trainjob-verbs': trainJobs,
  spark: { namespace: 'spark', by: 'kubelet and Spark 4.0.1' },
  'spark-verbs': { namespace: 'spark-verbs', by: 'replayed states of the Spark operators' },
};

const file = inProject('test', 'fixtures', 'recorded', 'jobs.json');
const recorder = new StateRecorder();
const named = process.argv.slice(2);

/** @returns the exit code of the suites */
async function record(suites: readonly string[]): Promise<number> {
  const { kubeconfig } = await chooseAccess();
  const sent = new Map<string, JsonObject>();
  const ignore = (): void => undefined;
  return withOpened(kubeconfig, async (opened) => {
    const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
    const watch = watchContext(overheard(opened, sent), { clock: systemClock, log });
    const listening = watch.onDidChange(() => {
      for (const judged of watch.view.clusters) {
        const { namespace, system } = judged.cluster;
        const place = suites.map((suite) => places[suite]).find((one) => one?.namespace === namespace);
        const isJob = system === 'spark' || system === 'tfjob';
        if (place && isJob) recorder.take(judged, place.by, sent, systemClock.now());
      }
    });
    try {
      await watch.ready;
      const program = spawn(process.execPath, [inProject('test', 'cluster', 'run.ts'), ...suites], {
        stdio: 'inherit',
      });
      await once(program, 'exit');
      return program.exitCode ?? 1;
    } finally {
      listening.stop();
      watch.stop();
    }
  });
}

const before = readRecorded(readFileSync(file, 'utf8'));
if (named.includes('--retell')) recorder.retell(before);
else {
  const suites = named.length > 0 ? named : Object.keys(places);
  const anew = suites.map((suite) => places[suite]?.by);
  recorder.retell({ ...before, states: before.states.filter(({ by }) => !anew.includes(by)) });
  process.exitCode = await record(suites);
}

const { objects, states } = recorder.recorded;
const lines = (list: readonly unknown[]): string => list.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
writeFileSync(file, `{"objects": [\n${lines(objects)}\n], "states": [\n${lines(states)}\n]}\n`);
for (const { by, key, said } of states) process.stdout.write(`${by}: ${key}: ${said}\n`);
process.stdout.write(`${states.length} states of ${objects.length} objects\n`);
