import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { told } from './planned.ts';
import { runProgram, type ProgramRun } from './program.ts';
import type { TestCluster } from './suite.ts';

/** Verbs of training jobs of one kind and namespace by the built command line, which is told that their losses are agreed to. */
export interface JobVerbs {
  /** @param limitSeconds after which the program is killed */
  asked(
    this: void,
    test: TestCluster,
    words: readonly [verb: string, name: string, ...more: readonly string[]],
    limitSeconds?: number,
  ): Promise<ProgramRun>;
  /** It has to end well. */
  carriedOut(this: void, test: TestCluster, verb: string, name: string, ...more: readonly string[]): Promise<void>;
  /** With a manifest as its file. */
  resubmit(this: void, test: TestCluster, name: string, job: object): Promise<void>;
}

export function jobVerbsOf(kind: 'TFJob' | 'TrainJob', namespace: string): JobVerbs {
  const asked: JobVerbs['asked'] = (test, [verb, name, ...more], limitSeconds = 180) => {
    const target = [`tfjob/${name}`, '--kind', kind, '-n', namespace, '--confirm', name];
    return runProgram({ access: test.access, limitSeconds }, [verb, ...target, ...more, '--yes', '-o', 'json']);
  };
  const carriedOut: JobVerbs['carriedOut'] = async (test, verb, name, ...more) => {
    const program = await asked(test, [verb, name, ...more]);
    assert.equal(program.code, 0, told(program));
    test.note(`${verb}: ${((program.ended - program.started) / 1000).toFixed(1)} s`);
  };
  const resubmit: JobVerbs['resubmit'] = async (test, name, job) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-job-'));
    try {
      const file = path.join(folder, 'job.json');
      writeFileSync(file, JSON.stringify(job));
      await carriedOut(test, 'resubmit', name, '--file', file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { asked, carriedOut, resubmit };
}
