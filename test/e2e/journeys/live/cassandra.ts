import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { ADMIN_CONTEXT } from '../../support/liveCluster.ts';

const recovery = 240_000;
const cluster = /^Cassandra cluster cassandra,/;

export const liveCassandra: Journey = {
  name: 'live cassandra: a node that its peers see down',
  async run({ step, openEditor, takePicture, live }) {
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
    await step('a node that is drained and still ready is found out', async () => {
      // Its own status goes on saying UN; only its peers and its mode tell.
      await live.control('-n', 'cassandra', 'exec', 'cassandra-2', '--', 'nodetool', 'drain');
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, (?:unhealthy|warning).*cassandra-2/, recovery);
    });
    await tree.expand(cluster);
    await takePicture(workbench, 'live-drained');
    await step('it is whole again once the node was restarted', async () => {
      await live.control('-n', 'cassandra', 'delete', 'pod', 'cassandra-2', '--wait=true', '--timeout=200s');
      await live.control('-n', 'cassandra', 'rollout', 'status', 'statefulset/cassandra', '--timeout=240s');
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Cassandra cluster cassandra, healthy.*all up and normal from every node/, recovery);
    });
  },
};
