import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../scripts/editor/paths.mjs';
import type { Journey, Stage } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';
import type { Workbench } from '../support/workbench.ts';

const failing = /^Spark application fraud-scores,/;
const report = /^Spark application daily-report,/;
const training = /^TFJob mnist,/;
const release = /^Helm release strimzi,/;

/** Pods of the simulation need some seconds to end and to start. */
const run = 60_000;

export const jobs: Journey = {
  name: 'jobs: Spark, TFJob and Helm releases tell their story and are operated with their own verbs',
  async run(stage) {
    await cp(inProject('test', 'fixtures', 'charts', 'broker'), path.join(stage.folder, 'broker'), { recursive: true });
    const workbench = await stage.openEditor();
    await tellStory(workbench, stage);
    await rerun(workbench, stage);
    await suspendAndResume(workbench, stage);
    await showOperator(workbench, stage);
    await rollBack(workbench, stage);
    await preview(workbench, stage);
    await editChart(workbench, stage);
  },
};

async function tellStory(workbench: Workbench, stage: Stage): Promise<void> {
  const { tree, pages } = workbench;
  await stage.step('an application in trouble tells its story, and which lines of its log matter', async () => {
    await tree.open();
    await workbench.runCommand('Data Clusters: Open Demo Cluster');
    await tree.expand(/^Simulated cluster demo/);
    await tree.expand(/^Namespace analytics\b/);
    await tree.row(/^Spark application fraud-scores, .*driver failed twice/);
    await tree.choose(failing, 'Show Details');
    await pages.says(/Story[^]*run 2 failed: [^]*to be run again[^]*has not been read/);
    await pages.press('Read the Lines That Matter');
    await pages.says(/What the log says[^]*TABLE_OR_VIEW_NOT_FOUND/);
  });
  await picture(workbench, stage, 'job-story');
  await stage.step('the log of its driver is a document', async () => {
    await tree.choose(failing, 'Driver Log');
    await workbench.comesToFront('fraud-scores-driver.log');
    const log = await waitFor('the log', async () => {
      const text = await workbench.editorText();
      return text.includes('ShutdownHookManage') ? text : undefined;
    });
    assert.match(log, /ERROR/);
  });
}

async function rerun(workbench: Workbench, stage: Stage): Promise<void> {
  const { tree, pages } = workbench;
  await stage.step('the plan of a rerun names what it kills', async () => {
    await tree.choose(report, 'Rerun Job');
    const text = await pages.says(/Rerun daily-report, and kill the run that is under way[^]*Steps: 1/);
    assert.match(text, /What is killed by it\n[^]*4 pods are killed: .*daily-report-driver/);
  });
  await picture(workbench, stage, 'job-rerun-plan');
  await stage.step('it is agreed to by its name, and runs to its end', async () => {
    await pages.press('Run…');
    await pages.question(/Type daily-report to run it/);
    await pages.enter('daily-report');
    await pages.says(/Done Every step is done/, run);
    await tree.row(/^Operation Rerun daily-report.*, done/);
  });
}

async function suspendAndResume(workbench: Workbench, stage: Stage): Promise<void> {
  const { tree, pages } = workbench;
  await stage.step('a training is suspended, once its cost is agreed to', async () => {
    await tree.choose(training, 'Suspend Job');
    await pages.says(/Needs your consent[^]*6 pods are killed: mnist-chief-0/);
    await agree(workbench);
    await tree.row(/^TFJob mnist, .*suspended/, run);
  });
  await stage.step('and resumed, which kills nothing', async () => {
    await tree.choose(training, 'Resume Job');
    await pages.says(/Resume TFJob mnist[^]*Nothing is done yet[^]*Nothing that runs is killed/);
    await agree(workbench);
    await tree.row(/^TFJob mnist, .*3 of 3 workers/, run);
  });
  await stage.step('a rebalance of a job says which verb is meant', async () => {
    await workbench.runAskingCommand('Data Clusters: Rebalance');
    await pages.question(/Change Workers gives an application more or fewer executors/);
    await workbench.pickEntry('daily-report');
    await waitFor('the message', async () => {
      const text = await workbench.toasts();
      return /Rebalance did not work\. Change Workers .*Rerun Job/.test(text) ? true : undefined;
    });
  });
  await workbench.closeToasts();
}

/** Answers what is asked before a plan is run, and waits for its end. */
async function agree({ pages }: Workbench): Promise<void> {
  await pages.press('Run…');
  await pages.agree();
  await pages.says(/Done Every step is done/, run);
}

async function showOperator(workbench: Workbench, stage: Stage): Promise<void> {
  const { tree, pages } = workbench;
  await stage.step(
    'an operator has a page: how it runs, what it defines and watches, its webhooks and rights',
    async () => {
      await tree.expand(/^Group Operators/);
      await tree.choose(/^Operator Kubeflow Spark Operator, /, 'Show Operator');
      const text = await pages.says(/Kubeflow Spark Operator\n[^]*Last errors/);
      assert.match(
        text,
        /SparkApplication \(sparkoperator\.k8s\.io\)[^]*By --namespaces=analytics[^]*Webhooks[^]*Rights/,
      );
    },
  );
  await picture(workbench, stage, 'operator-page');
  await tree.collapse(/^Group Operators/);
}

async function rollBack(workbench: Workbench, stage: Stage): Promise<void> {
  const { tree, pages } = workbench;
  await stage.step('a release shows its history', async () => {
    await tree.expand(/^Group Helm releases/);
    await tree.choose(release, 'Show Release History');
    await waitFor('the history', async () =>
      /2 +\S.*deployed[^]*1 +\S.*superseded/.test(await workbench.editorText()) ? true : undefined,
    );
  });
  await stage.step('the plan of a rollback shows each field that changes', async () => {
    await tree.choose(release, 'Roll Back Release');
    await workbench.pickEntry('Revision 1');
    await pages.says(/Rollback of the Helm release strimzi from revision 2 to 1[^]*What changes: 1 object/);
    await pages.unfold(/strimzi-cluster-operator/);
    const text = await pages.says(/What changes: 1 object[^]*STRIMZI_NAMESPACE/);
    assert.match(text, /\* -> payments/);
  });
  await picture(workbench, stage, 'rollback-plan');
  await stage.step('it runs to its end, and is a revision of its own', async () => {
    await agree(workbench);
    await tree.row(/^Helm release strimzi, .*revision 3 · deployed/, run);
  });
}

async function preview(workbench: Workbench, stage: Stage): Promise<void> {
  const { pages } = workbench;
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await stage.step('what a Spark application will be is told beside its text, and follows it', async () => {
    await openSample(workbench, 'spark-application.yaml', 'A Spark job');
    await workbench.goTo(33, 3);
    await workbench.runCommand('Data Clusters: Preview What the Operator Creates');
    await pages.says(/daily-report-driver[^]*All pods ask for: 4 pods/);
    await workbench.replaceAll('instances: 3', 'instances: 5');
    await pages.says(/All pods ask for: 6 pods/);
  });
  await picture(workbench, stage, 'preview-spark');
  await stage.step('of a TFJob with the TF_CONFIG of its replicas', async () => {
    await openSample(workbench, 'tfjob.yaml', 'Distributed training');
    await workbench.runCommand('Data Clusters: Preview What the Operator Creates');
    await pages.says(/mnist-worker-3[^]*TF_CONFIG/);
    await workbench.replaceAll('replicas: 4', 'replicas: 6');
    await pages.says(/mnist-worker-5[^]*TF_CONFIG of mnist-worker-0/);
    await pages.unfold(/TF_CONFIG of mnist-worker-0/);
    await pages.says(/mnist-worker-5\.[^]*"type": ?"worker"/);
  });
  await picture(workbench, stage, 'preview-tfjob');
}

async function openSample(workbench: Workbench, name: string, words: string): Promise<void> {
  await workbench.runAskingCommand('Data Clusters: Open Sample Manifest');
  await workbench.pickEntry(name);
  await waitFor('the sample', async () => ((await workbench.editorText()).includes(words) ? true : undefined));
}

async function editChart(workbench: Workbench, stage: Stage): Promise<void> {
  await stage.step('values of a chart are checked against its schema', async () => {
    await workbench.openFile('values.yaml');
    await workbench.replaceAll('replicaCount: 3', 'replicaCount: three');
    await workbench.showProblems();
    await waitFor('the finding', async () =>
      (await workbench.problems()).some(({ text }) => /replicaCount|integer|whole number/.test(text))
        ? true
        : undefined,
    );
  });
  await stage.step('completion after .Values offers the values of the chart', async () => {
    await workbench.openFile('extra-list.yaml');
    await workbench.press('Control+End');
    await workbench.type('\n# {{ .Values.');
    await waitFor('the paths', async () => {
      const offered = await workbench.suggestions().catch((): readonly string[] => []);
      return offered.some((label) => /controller/.test(label)) ? true : undefined;
    });
  });
}

/** Without what hovers over the row that the pointer is on, and without messages that go by themselves. */
async function picture(workbench: Workbench, { takePicture }: Stage, name: string): Promise<void> {
  await workbench.page.mouse.move(0, 0);
  await workbench.page.locator('.workbench-hover-container').waitFor({ state: 'hidden' });
  await workbench.page.locator('.notifications-toasts .notification-toast').first().waitFor({ state: 'hidden' });
  await takePicture(workbench, name);
}
