import assert from 'node:assert/strict';
import { asArray, asText, at, parseJson } from '../../../cluster/bed/json.ts';
import { sparkPlace } from '../../../cluster/bed/workloads/spark.ts';
import { submit } from '../../../cluster/support/sparkSubmit.ts';
import { ADMIN_CONTEXT, type LiveCluster } from '../../support/liveCluster.ts';
import type { Journey, Stage } from '../../support/stage.ts';
import { waitFor } from '../../support/waiting.ts';
import type { Workbench } from '../../support/workbench.ts';

/** An operation takes seconds, and the machine has other things to do. */
const operation = 180_000;

const { namespace } = sparkPlace;
const name = 'walk';
const driver = `${name}-driver`;
const row = /^Spark application walk,/;
const isRunning = /^Spark application walk, healthy.*running: 2 executors/;

export const liveSpark: Journey = {
  name: 'live spark: the log and the pages of an application are opened, an executor is moved, and it is stopped',
  needs: ['spark'],
  async run(stage) {
    const { live } = stage;
    assert(live);
    await leave(live);
    try {
      const submitted = submitApplication(live);
      const workbench = await stage.openEditor();
      await Promise.all([submitted, seeApplication(stage, workbench)]);
      await readLog(stage, workbench);
      await openPages(stage, workbench);
      await moveExecutor(stage, workbench, live);
      await stop(stage, workbench, live);
    } finally {
      await leave(live);
    }
  },
};

/** It adds numbers until somebody ends it, and serves its pages meanwhile. */
const submitApplication = ({ access }: LiveCluster): Promise<void> =>
  submit(
    { access },
    {
      name,
      executors: 2,
      args: ['1000000'],
      conf: {
        'spark.ui.enabled': 'true',
        'spark.decommission.enabled': 'true',
        'spark.storage.decommission.enabled': 'true',
      },
    },
  );

async function seeApplication({ step, takePicture }: Stage, workbench: Workbench): Promise<void> {
  const { tree } = workbench;
  await step('an application that spark-submit has started is seen with its driver and its executors', async () => {
    await tree.open();
    await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
    await tree.expand(new RegExp(`^Namespace ${namespace}\\b`));
    await tree.row(isRunning, operation);
    await tree.expand(row);
    await tree.row(/walk-driver, healthy/);
    await tree.row(/-exec-1, healthy/);
    await tree.row(/-exec-2, healthy/);
  });
  await takePicture(workbench, 'live-spark');
}

async function readLog({ step, takePicture }: Stage, workbench: Workbench): Promise<void> {
  await step('the log of its driver goes on while it is read', async () => {
    await workbench.tree.choose(row, 'Driver Log');
    const round = async (): Promise<number | undefined> => {
      const rounds = [...(await workbench.terminalText()).matchAll(/round\s(\d+)/g)];
      const last = rounds.at(-1)?.[1];
      return last === undefined ? undefined : Number(last);
    };
    const first = await waitFor('a round in the log', round, () => workbench.anyText());
    await waitFor('a later round', async () => (((await round()) ?? 0) > first ? true : undefined));
  });
  await takePicture(workbench, 'live-spark-log');
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
}

async function openPages({ step }: Stage, workbench: Workbench): Promise<void> {
  const context = workbench.page.context();
  await step('its pages are opened in the browser, through a forward that ends in its driver', async () => {
    const opened = context.waitForEvent('page');
    await workbench.tree.choose(row, 'Open Spark UI');
    // This editor is itself in a browser and puts a path of its own before the address, which the pages of Spark do not know of.
    await (await opened).close();
    await workbench.pages.status(/1 forward/);
    await workbench.runAskingCommand('Data Clusters: Port Forwards');
    const told = await workbench.pages.question(/walk-driver:4040/);
    await workbench.press('Escape');
    const page = await context.newPage();
    await page.goto(`http://${/127\.0\.0\.1:\d+/.exec(told)?.[0]}/`);
    const text = await page.innerText('body');
    assert.match(text, /Spark Jobs[^]*User:[^]*Active Jobs/);
    await page.close();
  });
}

async function moveExecutor(stage: Stage, workbench: Workbench, { control }: LiveCluster): Promise<void> {
  const { step, takePicture } = stage;
  const { tree, pages } = workbench;
  const before = await podsOf(control);
  await step('the plan to move an executor off its node says what happens to its work', async () => {
    await tree.choose(/-exec-1, healthy/, 'Move off This Node');
    await pages.says(/Checked before anything is done/);
    assert.equal(await pages.isRefused('Run…'), false);
  });
  await takePicture(workbench, 'live-spark-move-plan');
  await step('it hands over its work and ends, the driver asks for another, and the driver stays', async () => {
    await pages.press('Run…');
    await pages.agree();
    await pages.says(/Done Every step is done/, operation);
    await tree.row(isRunning, operation);
    const after = await podsOf(control);
    assert.equal(after.get(driver), before.get(driver));
    assert.equal(after.size, 3);
    assert.equal([...after.keys()].filter((pod) => !before.has(pod)).length, 1);
    assert.match(await control('-n', namespace, 'logs', driver), /decommission/i);
  });
  await takePicture(workbench, 'live-spark-moved');
}

async function stop(stage: Stage, workbench: Workbench, { control }: LiveCluster): Promise<void> {
  const { step, takePicture } = stage;
  const { tree, pages } = workbench;
  await step('stopped by its name it is gone, with its executors', async () => {
    await tree.choose(row, 'Stop Job');
    await pages.says(/Stop walk[^]*Checked before anything is done/);
    await pages.press('Run…');
    await pages.agree();
    await pages.says(/Done Every step is done/, operation);
    assert.deepEqual([...(await podsOf(control)).keys()], []);
  });
  await takePicture(workbench, 'live-spark-stopped');
}

/** Uids by names. */
async function podsOf(control: LiveCluster['control']): Promise<ReadonlyMap<string, string>> {
  const pods = parseJson(await control('-n', namespace, 'get', 'pods', '-l', `spark-app-name=${name}`, '-o', 'json'));
  return new Map(
    asArray(at(pods, 'items')).map((pod) => [asText(at(pod, 'metadata', 'name')), asText(at(pod, 'metadata', 'uid'))]),
  );
}

/** Executors and everything else of an application go with its driver. */
async function leave({ control }: LiveCluster): Promise<void> {
  await control('-n', namespace, 'delete', 'pod', driver, '--ignore-not-found', '--wait=true');
}
