// Runs the live suites of jobs, or those that are named, and meanwhile writes the objects of every state that is told in another way to
// test/fixtures/recorded/jobs.json, with what was told.
//   SUITE...    tfjob tfjob-verbs spark spark-verbs when none is named
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

/** Who writes the statuses in the namespace of a suite. */
const writers: Readonly<Record<string, string>> = {
  training: 'training-operator 1.8.1',
  spark: 'kubelet and Spark 4.0.1',
  'spark-verbs': 'replayed states of the Spark operators',
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
        const by = writers[judged.cluster.namespace];
        const isJob = judged.cluster.system === 'spark' || judged.cluster.system === 'tfjob';
        if (by !== undefined && isJob) recorder.take(judged, by, sent, systemClock.now());
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

if (named.includes('--retell')) recorder.retell(readRecorded(readFileSync(file, 'utf8')));
else process.exitCode = await record(named.length > 0 ? named : ['tfjob', 'tfjob-verbs', 'spark', 'spark-verbs']);

const { objects, states } = recorder.recorded;
const lines = (list: readonly unknown[]): string => list.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
if (states.length > 0) writeFileSync(file, `{"objects": [\n${lines(objects)}\n], "states": [\n${lines(states)}\n]}\n`);
for (const { by, key, said } of states) process.stdout.write(`${by}: ${key}: ${said}\n`);
process.stdout.write(`${states.length} states of ${objects.length} objects\n`);
