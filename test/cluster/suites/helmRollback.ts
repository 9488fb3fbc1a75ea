import assert from 'node:assert/strict';
import { asArray, asNumber, asText, at, parseJson, type Json } from '../bed/json.ts';
import { helm as runHelm, ledger, ledgerChart } from '../bed/workloads/helmReleases.ts';
import { rollbackArguments, withHelm } from '../support/dataRelease.ts';
import { told } from '../support/planned.ts';
import { onOwnBed, runProgram, type ProgramRun } from '../support/program.ts';
import { read, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const { namespace, name } = ledger;

const tests: readonly LiveTest[] = [
  {
    title: 'where the program helm is found it rolls the release back, and Helm tells of it',
    async run(test) {
      await rollsBack(test, await withHelm(), 1);
    },
  },
  {
    title: 'where it is not found the release is rolled back all the same, and Helm goes on from there',
    async run(test) {
      await rollsBack(test, {}, 3);
      // What was written is what Helm itself would have written: it can be upgraded, and rolled back by Helm.
      await runHelm(test.access, ['upgrade', '-n', namespace, name, ledgerChart, '--reuse-values', '--set', 'pace=3']);
      assert.equal(at(await lastRevision(test), 'status'), 'deployed');
      assert.equal(at(await settingsOf(test), 'data', 'pace'), '3');
      const before = (await history(test)).at(-2);
      await runHelm(test.access, ['rollback', '-n', namespace, name, String(asNumber(at(before, 'revision')))]);
      assert.equal(at(await settingsOf(test), 'data', 'pace'), '5');
    },
  },
];

export const helmRollback: Suite = {
  name: 'helm-rollback',
  needs: ['helm'],
  optional: true,
  tests: onOwnBed(tests, 'the program helm is built for the bed of this machine only'),
};

async function rollsBack(test: TestCluster, variables: Readonly<Record<string, string>>, to: number): Promise<void> {
  const before = await history(test);
  const args = rollbackArguments({ namespace, release: name }, to);
  const program = await runProgram({ access: test.access, limitSeconds: 180, variables }, args);
  assert.equal(program.code, 0, told(program));
  test.note(`to revision ${to} by ${wayOf(program)}: ${((program.ended - program.started) / 1000).toFixed(1)} s`);
  const after = await history(test);
  assert.equal(after.length, before.length + 1);
  const newest = after.at(-1);
  assert.deepEqual([at(newest, 'status'), at(newest, 'description')], ['deployed', `Rollback to ${to}`]);
  assert.deepEqual(
    after.slice(0, -1).map((one) => at(one, 'status')),
    before.map(() => 'superseded'),
  );
  for (const what of ['manifest', 'notes', 'values']) {
    assert.equal(await part(test, what), await part(test, what, String(to)), what);
  }
  const values = parseJson(await part(test, 'values', String(to)));
  assert.equal(at(await settingsOf(test), 'data', 'retention'), at(values, 'settings', 'retention') ?? '7d');
  const set = await read(test, '-n', namespace, 'statefulset', name);
  assert.equal(at(set, 'spec', 'replicas'), at(values, 'replicas') ?? 1);
}

const wayOf = ({ events }: ProgramRun): string =>
  asText(
    at(
      events.find(({ type }) => type === 'plan'),
      'plan',
      'parameters',
      'way',
    ),
  );

const history = async (test: TestCluster): Promise<readonly Json[]> =>
  asArray(parseJson(await runHelm(test.access, ['history', '-o', 'json', '-n', namespace, name])));

const lastRevision = async (test: TestCluster): Promise<Json | undefined> => (await history(test)).at(-1);

const part = (test: TestCluster, what: string, revision?: string): Promise<string> =>
  runHelm(test.access, [
    'get',
    what,
    '-n',
    namespace,
    name,
    ...(revision === undefined ? [] : ['--revision', revision]),
    ...(what === 'values' ? ['-o', 'json'] : []),
  ]);

const settingsOf = (test: TestCluster): Promise<Json> => read(test, '-n', namespace, 'configmap', `${name}-settings`);
