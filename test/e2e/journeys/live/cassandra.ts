import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { ADMIN_CONTEXT } from '../../support/liveCluster.ts';

const recovery = 240_000;
const cluster = /^Cassandra cluster cassandra,/;

export const liveCassandra: Journey = {
  name: 'live cassandra: a node that its peers see down, and its safe restart',
  async run({ step, openEditor, takePicture, live }) {
    assert(live);
    const workbench = await openEditor();
    const { tree, pages } = workbench;
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
    await step('a node that is drained and still ready is found out', async () => {
      // Its own status goes on saying UN; only its peers and its mode tell.
      await live.control('-n', 'cassandra', 'exec', 'cassandra-2', '--', 'nodetool', 'drain');
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, (?:unhealthy|warning).*cassandra-2 is drained/, recovery);
    });
    await tree.expand(cluster);
    await takePicture(workbench, 'live-drained');
    await step('its safe restart sees that it is drained already, and asks for nothing that is not so', async () => {
      await tree.choose(/cassandra-2, /, 'Safe Restart');
      const text = await pages.says(/Checked before anything is done/, recovery);
      assert.match(text, /cassandra-2 is drained: it calls itself up, its peers see it down/);
      assert.match(text, /Steps: 1/);
    });
    await takePicture(workbench, 'live-ring-plan');
    await step('it is restarted, and counts as back when every peer says so and its CQL port answers', async () => {
      await pages.press('Run…');
      if (await pages.hasDialog()) await pages.answerDialog('Run');
      else await pages.enter('cassandra');
      await pages.says(/Done Every step is done/, recovery);
    });
    await takePicture(workbench, 'live-ring-done');
    await step('asked itself, the ring is whole again', async () => {
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, healthy.*all up and normal from every node/, recovery);
    });
  },
};
