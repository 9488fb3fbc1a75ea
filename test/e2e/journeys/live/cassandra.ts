import assert from 'node:assert/strict';
import type { Journey, Stage } from '../../support/stage.ts';
import { ADMIN_CONTEXT, type LiveCluster } from '../../support/liveCluster.ts';
import type { Workbench } from '../../support/workbench.ts';

const recovery = 240_000;
const cluster = /^Cassandra cluster cassandra,/;

export const liveCassandra: Journey = {
  name: 'live cassandra: a node that its peers see down, and its safe restart',
  needs: ['cassandra'],
  async run(stage) {
    const { step, openEditor, live } = stage;
    assert(live);
    const workbench = await openEditor();
    const { tree } = workbench;
    await step('the view shows the ring as Kubernetes sees it', async () => {
      await tree.open();
      await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
      await tree.expand(/^Namespace cassandra\b/);
      await tree.row(/^Cassandra cluster cassandra, healthy.*3 of 3 nodes/);
    });
    await step('asked itself, every node sees every node up and normal', async () => {
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, healthy.*all up and normal from every node/, recovery);
    });
    try {
      await restartDrained(stage, workbench);
    } catch (error) {
      await restartFromOutside(live);
      throw error;
    }
    await step('asked itself, the ring is whole again', async () => {
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, healthy.*all up and normal from every node/, recovery);
    });
  },
};

async function restartDrained({ step, takePicture, live }: Stage, workbench: Workbench): Promise<void> {
  assert(live);
  const { tree, pages } = workbench;
  await step('a node that is drained and still ready is found out', async () => {
    // Its own status goes on saying UN; only its peers and its mode tell.
    await live.control('-n', 'cassandra', 'exec', 'cassandra-2', '--', 'nodetool', 'drain');
    await tree.choose(cluster, 'Ask');
    await tree.row(/^Cassandra cluster cassandra, (?:unhealthy|warning).*cassandra-2 is drained/, recovery);
  });
  await tree.expand(cluster);
  await takePicture(workbench, 'live-drained');
  await step('its safe restart sees that it is drained already, and asks for nothing that is not so', async () => {
    await tree.choose(/^Node cassandra-2, /, 'Safe Restart', () => pages.isAnswered(20_000));
    const text = await pages.says(/Checked before anything is done/, recovery);
    assert.match(text, /cassandra-2 is drained: it calls itself up, its peers see it down/);
    assert.match(text, /Steps: 1/);
  });
  await takePicture(workbench, 'live-ring-plan');
  await step('it is restarted, and counts as back when every peer says so and its CQL port answers', async () => {
    await pages.press('Run…');
    await pages.agree();
    await pages.says(/Done Every step is done/, recovery);
  });
  await takePicture(workbench, 'live-ring-done');
}

/** The suites after this one expect a whole ring, however this walk ended. */
async function restartFromOutside({ control }: LiveCluster): Promise<void> {
  await control('-n', 'cassandra', 'delete', 'pod', 'cassandra-2');
  await control('-n', 'cassandra', 'rollout', 'status', 'statefulset/cassandra', `--timeout=${recovery / 1000}s`);
}
