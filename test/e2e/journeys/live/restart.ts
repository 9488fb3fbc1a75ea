import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { ADMIN_CONTEXT } from '../../support/liveCluster.ts';
import type { Workbench } from '../../support/workbench.ts';

/** Three real brokers take some 80 s, and the machine has other things to do. */
const restart = 300_000;

const title = 'Safe restart of Kafka kafka';
const operation = new RegExp(`^Operation ${title}`);

export const liveRestart: Journey = {
  name: 'live restart: brokers are restarted one after the other, also when the window is loaded anew meanwhile',
  needs: ['kafka'],
  async run({ step, openEditor, takePicture, live }) {
    assert(live);
    const before = await podUids(live.control);
    const workbench = await openEditor();
    const { tree, pages } = workbench;
    await step('the plan of three brokers can be run', async () => {
      await openContext(workbench);
      await tree.row(/^Kafka cluster kafka, healthy.*3 of 3 brokers/, restart);
      await workbench.runAskingCommand('Data Clusters: Safe Restart');
      await workbench.pickEntry('kafka');
      await workbench.pickEntry('All members');
      assert.match(await pages.says(/Checked before anything is done/), /Steps: 3/);
      assert.equal(await pages.isRefused('Run…'), false);
    });
    await takePicture(workbench, 'live-operation-plan');
    await step('it is agreed to, and the first broker goes', async () => {
      await pages.press('Run…');
      await pages.agree();
      await pages.says(/Has acted[^]*Waits for: /, restart);
    });
    await takePicture(workbench, 'live-operation-running');
    await step('loaded anew, the window has left it, and finds it in its journal', async () => {
      // The editor in a browser notes down every few seconds only which pages are open.
      await pages.says(/In this phase for (?:[6-9]|\d\d) s/, restart);
      await workbench.reload();
      await pages.says(/is not connected/);
      await pages.press('Connect');
      await pages.says(/Paused The runner was asked to leave it|as its journal in the cluster says/, restart);
    });
    await step('it is gone on with, and every broker is restarted once', async () => {
      await pages.press((await pages.text()).includes('Take Over…') ? 'Take Over…' : 'Resume…');
      await pages.agree('Resume');
      await pages.says(/Done Every step is done/, restart);
      const after = await podUids(live.control);
      assert.deepEqual([...after.keys()], [...before.keys()]);
      for (const [pod, uid] of after) assert.notEqual(uid, before.get(pod), pod);
    });
    await takePicture(workbench, 'live-operation-done');
    await step('the row says that it is done, and the report is a document', async () => {
      await openContext(workbench);
      await tree.expand(/^Group Operations/);
      await tree.row(new RegExp(`^Operation ${title}, done, 3 of 3 steps`));
      await tree.choose(operation, 'Show Operation Report');
      await workbench.comesToFront(`${title}.md`);
      assert.match(await workbench.editorText(), /# Safe restart of Kafka kafka: done, 3 of 3 steps/);
    });
  },
};

async function openContext({ tree }: Workbench): Promise<void> {
  await tree.open();
  await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
  await tree.expand(/^Namespace kafka\b/);
}

async function podUids(control: (...args: string[]) => Promise<string>): Promise<ReadonlyMap<string, string>> {
  const lines = await control(
    '-n',
    'kafka',
    'get',
    'pods',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}',
  );
  const pods = lines.split('\n').flatMap((line) => {
    const [pod = '', uid = ''] = line.split(' ');
    return /^kafka-\d+$/.test(pod) ? [[pod, uid] as const] : [];
  });
  return new Map(pods);
}
