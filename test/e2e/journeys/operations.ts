import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Journey, Stage } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';
import type { Workbench } from '../support/workbench.ts';

const context = /^Simulated cluster demo/;
const cluster = /^Kafka cluster orders,/;
const operation = /^Operation Safe restart of Kafka orders/;

/** Simulated brokers take some 20 s each, one after the other. */
const restart = 360_000;

export const operations: Journey = {
  name: 'operations: a restart is planned, agreed to, watched, paused, gone on with and reported',
  async run(stage) {
    const { step, openEditor, takePicture, folder } = stage;
    const workbench = await openEditor();
    const { tree, pages } = workbench;
    await step('the plan for a cluster that is not well says what does not hold, worst first', async () => {
      await openDemo(workbench);
      await workbench.runAskingCommand('Data Clusters: Safe Restart');
      await workbench.pickEntry('orders');
      await workbench.pickEntry('All members');
      const text = await pages.says(/Checked before anything is done/);
      assert.match(text, /Needs your consent.*\n[^]*Warning.*\n[^]*orders-1 is in a crash loop[^]*Holds/);
      assert.match(text, /simulation inside the editor/);
    });
    await takePicture(workbench, 'operation-warnings');
    await step('the harmless answer has the focus, and Escape takes it', async () => {
      await waitForFocus(workbench, 'Cancel');
      await workbench.press('Escape');
      await workbench.tabIsClosed('Safe restart of Kafka orders');
    });
    await step('a rebalance shows before and after, with the same numbers as text', async () => {
      await tree.choose(/^Kafka cluster clickstream,/, 'Rebalance');
      await workbench.pickEntry('Full');
      await pages.enter('');
      await pages.enter('');
      await pages.says(/Before and after[^]*Member\s+Before\s+After/);
    });
    await takePicture(workbench, 'operation-rebalance');
    await step('to run it is asked in a dialog whose first answer changes nothing', async () => {
      await pages.press('Run…');
      assert.match(await pages.dialogText(), /namespace analytics of context demo[^]*This is practice/);
      await workbench.press('Enter');
      await pages.says(/Nothing is done yet/);
      await pages.press('Cancel');
    });
    await step('the brokers are given the memory they need', () => giveMemory(workbench));
    await putBack(workbench, stage);
    await step('now it can be run, and asks for consent to what it costs', async () => {
      await tree.choose(cluster, 'Safe Restart');
      await workbench.pickEntry('All members');
      const text = await pages.says(/Part of it needs your consent/);
      assert.match(text, /Steps: 3/);
      assert.equal(await pages.isRefused('Run…'), false);
    });
    await takePicture(workbench, 'operation-plan');
    await step('a context that a setting protects says so, and wants the name', async () => {
      await writeSettings(folder, { 'dataClusters.protectedContexts': ['demo*'] });
      await pages.says(/The context is protected/);
      await pages.press('Run…');
      await pages.question(/Run "Safe restart of Kafka orders"\?[^]*Type orders to run it/);
    });
    await takePicture(workbench, 'operation-consent');
    await step('another name is none', async () => {
      await pages.enter('other');
      await pages.question(/That is another name/);
    });
    await step('it runs, and the page tells what it waits for', async () => {
      await pages.enter('orders');
      await pages.says(/Running By this window, at step 1 of 3/);
      await pages.says(/Waits for: /);
      await pages.status(/orders: step 1 of 3/);
      await tree.row(/^Operation Safe restart of Kafka orders, running here, step 1 of 3/);
    });
    await step('a broker goes only when its gate holds', async () => {
      await pages.says(/Has acted[^]*Waits for: /, restart);
    });
    await takePicture(workbench, 'operation-running');
    await step('paused, it brings the broker that is out back first', async () => {
      await pages.press('Pause');
      await pages.says(/It pauses before the next step/);
      await pages.says(/Paused Somebody asked for it/, restart);
      await tree.row(/^Operation Safe restart of Kafka orders, paused, [1-3] of 3 steps/);
    });
    await step('a closed page is found again from the row', async () => {
      await workbench.closeTab('Safe restart of Kafka orders');
      await tree.select(operation);
      await pages.says(/Paused Somebody asked for it/);
    });
    await takePicture(workbench, 'operation-paused');
    await step('it is gone on with, cancelled between two steps, and gone on with no more', async () => {
      await pages.press('Resume…');
      await pages.enter('orders');
      await pages.says(/Running By this window/);
      await pages.press('Cancel');
      await pages.says(/Cancelled It was ended between two steps/, restart);
    });
    await step('the report is a document', async () => {
      await pages.press('Show Report');
      await workbench.comesToFront('Safe restart of Kafka orders.md');
      assert.match(await workbench.editorText(), /# Safe restart of Kafka orders: cancelled after \d of 3 steps/);
    });
    await takePicture(workbench, 'operation-report');
    await step('a read-only context can be planned for, and nothing more', async () => {
      await writeSettings(folder, { 'dataClusters.readOnlyContexts': ['demo*'] });
      await tree.row(/^Simulated cluster demo.*read-only/);
      await tree.choose(cluster, 'Safe Restart');
      await workbench.pickEntry('All members');
      await pages.says(/is read-only by a setting, so nothing is changed there/);
      assert.equal(await pages.isRefused('Run…'), true);
    });
    await takePicture(workbench, 'operation-read-only');
    await step('a page that is open when the window is loaded anew says what has become of it', async () => {
      await tree.select(operation);
      await pages.says(/Cancelled It was ended between two steps/);
      await workbench.reload();
      await pages.says(/the demo cluster begins anew with every window/);
    });
  },
};

async function openDemo(workbench: Workbench): Promise<void> {
  const { tree } = workbench;
  await tree.open();
  await workbench.runCommand('Data Clusters: Open Demo Cluster');
  await tree.expand(context);
  await tree.expand(/^Namespace shop\b/);
  await tree.row(/^Kafka cluster orders, unhealthy.*orders-1.*OOMKilled/);
}

async function waitForFocus({ pages }: Workbench, button: string): Promise<void> {
  assert.equal(await pages.focused(), button);
}

/** As a user mends it: a larger limit in the StatefulSet, saved after a look at the difference. */
async function giveMemory(workbench: Workbench): Promise<void> {
  const { tree, pages } = workbench;
  await tree.choose(cluster, 'Open YAML');
  await waitFor('the document', async () =>
    (await workbench.anyText()).includes('kind: StatefulSet') ? true : undefined,
  );
  await workbench.replaceAll('memory: 1Gi', 'memory: 2Gi');
  await workbench.press('Control+s');
  await pages.answerDialog('Take Over');
  await workbench.pickEntry('Write');
  // The controller makes every pod anew, and Kafka itself has to say that it is whole.
  await tree.row(/^Kafka cluster orders, healthy/, restart);
  await tree.choose(cluster, 'Ask the System Itself');
}

/** A setting is changed, and put back from the page of the run that has changed it; from its end on with the keyboard alone. */
async function putBack(workbench: Workbench, { step, takePicture }: Stage): Promise<void> {
  const { pages } = workbench;
  await step('a setting is entered, and its plan says what it is now', async () => {
    await workbench.runAskingCommand('Data Clusters: Apply Configuration');
    await workbench.pickEntry('orders');
    await pages.question(/Apply configuration to orders/);
    await pages.enter('num.io.threads=12');
    await pages.question(/Entered: num\.io\.threads=12/);
    await pages.enter('');
    await pages.says(/Steps: 1, [^]*Set for all brokers: num\.io\.threads=12/);
    await pages.unfold(/Holds/);
    await pages.says(/num\.io\.threads becomes 12 at once for all brokers; now 8 \(the default\)/);
  });
  await step('it is changed, and every broker says so', async () => {
    await pages.press('Run…');
    await pages.answerDialog('Run');
    const text = await pages.says(/Done Every step is done/);
    assert.match(text, /not set before, 12 now; broker 0 has 12 .*broker 2 has 12/);
  });
  await takePicture(workbench, 'operation-configured');
  await step('Put Back is reached and pressed by keyboard, and plans the value of before', async () => {
    await pages.reach('Put Back…');
    await workbench.press('Enter');
    const text = await pages.says(/Nothing is done yet[^]*Set for all brokers: without num\.io\.threads/);
    assert.doesNotMatch(text, /What could go wrong/);
    await waitForFocus(workbench, 'Cancel');
  });
  await takePicture(workbench, 'operation-put-back');
  await step('agreed to, it ends, and the setting is as before', async () => {
    await pages.reach('Run…');
    await workbench.press('Enter');
    await pages.reachInDialog('Run');
    await workbench.press('Enter');
    const text = await pages.says(/Done Every step is done/);
    assert.match(text, /12 before, not set now; broker 0 has 8 \(the default\).*broker 2 has 8 \(the default\)/);
  });
  await takePicture(workbench, 'operation-put-back-done');
}

async function writeSettings(folder: string, settings: object): Promise<void> {
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}
