import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asArray, asNumber, asText, at, parseJson, type Json } from '../../../cluster/bed/json.ts';
import { helm, ledgerChart } from '../../../cluster/bed/workloads/helmReleases.ts';
import { trainingJob } from '../../../cluster/support/trainingJobs.ts';
import { ADMIN_CONTEXT, type LiveCluster } from '../../support/liveCluster.ts';
import type { Journey, Stage } from '../../support/stage.ts';
import { waitFor } from '../../support/waiting.ts';
import type { Workbench } from '../../support/workbench.ts';

/** An operation takes seconds, and the machine has other things to do. */
const operation = 180_000;

/** Everything that the walk makes is in it, and goes with it. */
const namespace = 'jobs-walk';

const job = 'mnist';
const jobRow = /^TFJob mnist,/;
const isRunning = /^TFJob mnist, healthy.*1 of 1 chief, 1 of 1 PS, 2 of 2 workers/;

const release = 'journal';
const releaseRow = /^Helm release journal,/;
/** What is set in each revision, one after the other. */
const revisions = [['auth.password=opening-balance'], ['auth.password=opening-balance', 'settings.retention=30d']];

export const liveJobs: Journey = {
  name: 'live jobs: a training job is suspended, resumed and rerun, and a release is rolled back',
  needs: ['training-operator', 'helm'],
  async run(stage) {
    const { live } = stage;
    assert(live);
    await leave(live);
    try {
      await live.control('create', 'namespace', namespace);
      const installed = installRelease(live);
      const workbench = await stage.openEditor();
      await Promise.all([installed, seeJob(stage, workbench, live)]);
      await suspendAndResume(stage, workbench, live);
      await rerun(stage, workbench, live);
      await seeOperator(stage, workbench);
      await rollBack(stage, workbench, live);
    } finally {
      await leave(live);
    }
  },
};

async function seeJob({ step, folder }: Stage, { tree }: Workbench, { control }: LiveCluster): Promise<void> {
  await step('a job that kubectl applies is seen with its replicas once they run', async () => {
    const file = path.join(folder, 'mnist.json');
    await writeFile(file, JSON.stringify(manifest()));
    await control('apply', '-f', file);
    await tree.open();
    await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
    await tree.expand(new RegExp(`^Namespace ${namespace}\\b`));
    await tree.row(isRunning, operation);
    await tree.expand(jobRow);
    await tree.row(/mnist-chief-0, healthy/);
    await tree.row(/mnist-worker-1, healthy/);
  });
}

async function suspendAndResume(stage: Stage, workbench: Workbench, { control }: LiveCluster): Promise<void> {
  const { step, takePicture } = stage;
  const { tree, pages } = workbench;
  const before = await podUids(control);
  await step('the plan of a suspension says which pods go, and what is lost with them', async () => {
    await tree.choose(jobRow, 'Suspend Job');
    const text = await pages.says(/Checked before anything is done/);
    assert.match(text, /4 pods are killed: mnist-chief-0/);
    assert.match(text, /written to a checkpoint is lost/);
    assert.match(text, /Steps: 1/);
    assert.equal(await pages.isRefused('Run…'), false);
  });
  await takePicture(workbench, 'live-job-plan');
  await step('agreed to by name, it ends when no pod is left, and the row says so', async () => {
    await pages.press('Run…');
    await pages.question(/Type mnist to run it/);
    await pages.enter(job);
    await pages.says(/Done Every step is done/, operation);
    assert.deepEqual([...(await podUids(control))], []);
    await tree.row(/^TFJob mnist, finished.*suspended/);
  });
  await takePicture(workbench, 'live-job-suspended');
  await step('resumed, it runs again, with pods of its own', async () => {
    await tree.choose(jobRow, 'Resume Job');
    await pages.says(/Resume TFJob mnist[^]*Checked before anything is done/);
    await pages.press('Run…');
    await pages.answerDialog('Run');
    await pages.says(/Done Every step is done/, operation);
    await tree.row(isRunning, operation);
    assertAnew(before, await podUids(control));
  });
}

async function rerun(stage: Stage, workbench: Workbench, { control }: LiveCluster): Promise<void> {
  const { step, takePicture } = stage;
  const { tree, pages } = workbench;
  await step('rerun wants its name, and makes the job anew', async () => {
    const [jobBefore, before] = [await jobUid(control), await podUids(control)];
    await tree.choose(jobRow, 'Rerun Job');
    await pages.says(/Rerun TFJob mnist[^]*Steps: 3/);
    await pages.press('Run…');
    await pages.question(/Type mnist to run it/);
    await pages.enter('other');
    await pages.question(/That is another name/);
    await pages.enter(job);
    await pages.says(/Done Every step is done/, operation);
    await tree.row(isRunning, operation);
    assert.notEqual(await jobUid(control), jobBefore);
    assertAnew(before, await podUids(control));
  });
  await takePicture(workbench, 'live-job-rerun');
  await step('the log of the replica that decides is that of the chief', async () => {
    await tree.choose(jobRow, 'Log of the Deciding Replica');
    await waitFor(
      'lines of the log',
      async () => (/chief.*step \d+/.test(await workbench.terminalText()) ? true : undefined),
      () => workbench.anyText(),
    );
  });
  await takePicture(workbench, 'live-job-log');
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
}

async function seeOperator({ step, takePicture }: Stage, workbench: Workbench): Promise<void> {
  const { tree, pages } = workbench;
  await step('the page of the operator tells what it defines, runs as, may do, is asked and complains of', async () => {
    await tree.collapse(new RegExp(`^Namespace ${namespace}\\b`));
    await tree.expand(/^Group Operators/);
    await tree.choose(/^Operator Kubeflow Training Operator, healthy/, 'Show Operator');
    // What hovers over the row stays for a moment after the pointer has left.
    await workbench.page.mouse.move(0, 0);
    const text = await pages.says(/It was read [^]*Last errors/i);
    assert.match(text, /1\.8\.1, Deployment training-operator in namespace kubeflow/);
    assert.match(text, /TFJob \(kubeflow\.org\)\s+v1\s+v1\s+v1/);
    assert.match(text, /1 of 1 ready/);
    assert.match(text, /ServiceAccount training-operator/);
    assert.match(text, /validator\.tfjob\.training-operator\.kubeflow\.org/);
    assert.match(text, /rrors? (?:in|among) the last \d+ lines? of its log/);
    assert.doesNotMatch(text, /could not be read|may not be read/);
  });
  await takePicture(workbench, 'live-operator');
  for (const heading of ['Definitions', 'Webhooks', 'Rights', 'Last errors']) {
    await pages.scrollTo(heading);
    await takePicture(workbench, `live-operator-${heading.replace(' ', '-').toLowerCase()}`);
  }
}

async function rollBack({ step, takePicture }: Stage, workbench: Workbench, live: LiveCluster): Promise<void> {
  const { tree, pages } = workbench;
  await step('the revisions of a release are those that Helm tells', async () => {
    await tree.expand(/^Group Helm releases/);
    await tree.expand(releaseRow);
    await tree.row(/^Helm Revision 2, deployed/);
    await tree.row(/^Helm Revision 1, superseded/);
  });
  await step('the plan of its rollback says what each object would be', async () => {
    await tree.choose(/^Helm Revision 1, superseded/, 'Roll Back Release');
    const text = await pages.says(/Checked before anything is done/);
    assert.match(text, /Rollback of the Helm release journal from revision 2 to 1/);
    assert.match(text, /What changes: 2 objects/);
    await pages.unfold('ConfigMap jobs-walk/journal-settings');
    await pages.says(/retention.*30d.*7d/);
    assert.equal(await pages.isRefused('Run…'), false);
  });
  await takePicture(workbench, 'live-rollback');
  await pages.scrollTo('What changes: 2 objects');
  await takePicture(workbench, 'live-rollback-changes');
  await step('agreed to by name it is carried out, and Helm tells of a new revision', async () => {
    await pages.press('Run…');
    await pages.enter(release);
    await pages.says(/Done Every step is done/, operation);
    const told = (await history(live)).map((one) => [asNumber(at(one, 'revision')), asText(at(one, 'status'))]);
    assert.deepEqual(told, [
      [1, 'superseded'],
      [2, 'superseded'],
      [3, 'deployed'],
    ]);
    assert.equal(at((await history(live)).at(-1), 'description'), 'Rollback to 1');
    await tree.row(/^Helm Revision 3, deployed/);
  });
  await takePicture(workbench, 'live-rolled-back');
}

/** With replicas that train until somebody ends them. */
function manifest(): object {
  const args = ['--steps', '1000000'];
  const made = trainingJob({ name: job, chief: { args }, ps: {}, worker: { replicas: 2, args } });
  return { ...made, metadata: { name: job, namespace } };
}

async function installRelease({ access }: LiveCluster): Promise<void> {
  for (const settings of revisions) {
    const set = settings.flatMap((one) => ['--set', one]);
    await helm(access, ['upgrade', '--install', '-n', namespace, release, ledgerChart, ...set]);
  }
}

const history = async ({ access }: LiveCluster): Promise<readonly Json[]> =>
  asArray(parseJson(await helm(access, ['history', '-o', 'json', '-n', namespace, release])));

/** Also what a walk left behind that was killed. */
async function leave({ control }: LiveCluster): Promise<void> {
  await control('delete', 'namespace', namespace, '--ignore-not-found', '--wait=true');
}

const jobUid = (control: LiveCluster['control']): Promise<string> =>
  control('-n', namespace, 'get', 'tfjob', job, '-o', 'jsonpath={.metadata.uid}');

async function podUids(control: LiveCluster['control']): Promise<ReadonlyMap<string, string>> {
  const label = `training.kubeflow.org/job-name=${job}`;
  const pods = parseJson(await control('-n', namespace, 'get', 'pods', '-l', label, '-o', 'json'));
  return new Map(
    asArray(at(pods, 'items')).map((pod) => [asText(at(pod, 'metadata', 'name')), asText(at(pod, 'metadata', 'uid'))]),
  );
}

/** The same replicas, none of them the pod that it was. */
function assertAnew(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  assert.deepEqual([...after.keys()].toSorted(), [...before.keys()].toSorted());
  for (const [pod, uid] of after) assert.notEqual(uid, before.get(pod), pod);
}
