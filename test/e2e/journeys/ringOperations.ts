import assert from 'node:assert/strict';
import type { Journey } from '../support/stage.ts';

const cluster = /^Cassandra cluster catalog,/;
const title = 'Safe restart of Cassandra catalog';

/** Simulated nodes take about a minute each. */
const restart = 360_000;

export const ringOperations: Journey = {
  name: 'operations of a ring: the node goes first that is drained and calls itself up',
  async run({ step, openEditor, takePicture }) {
    const workbench = await openEditor();
    const { tree, pages } = workbench;
    await step('the plan finds the drained node, which Kubernetes holds for ready, and begins with it', async () => {
      await tree.open();
      await workbench.runCommand('Data Clusters: Open Demo Cluster');
      await tree.expand(/^Simulated cluster demo/);
      await tree.expand(/^Namespace shop\b/);
      await tree.row(/^Cassandra cluster catalog, healthy/);
      await tree.choose(cluster, 'Safe Restart');
      await workbench.pickEntry('All members');
      const text = await pages.says(/Checked before anything is done/, restart);
      assert.match(text, /Warning.*\n[^]*catalog-1 is drained: it calls itself up, its peers see it down/);
      assert.match(text, /Steps: 3[^]*Restart catalog-1 [^]*Restart catalog-2 [^]*Restart catalog-0 /);
    });
    await takePicture(workbench, 'operation-ring-plan');
    await step('it runs, and the page tells which peers it waits for', async () => {
      await pages.press('Run…');
      await pages.answerDialog('Run');
      await pages.says(/Running By this window, at step 1 of 3/);
      await pages.says(/Has acted[^]*Waits for: /, restart);
    });
    await takePicture(workbench, 'operation-ring-running');
    await step('cancelled, it ends once no node is away', async () => {
      await pages.press('Cancel');
      await pages.says(/Cancelled It was ended between two steps/, restart);
      await tree.row(new RegExp(`^Operation ${title}, cancelled`));
    });
    await step('asked itself, the ring is whole, as no glance at pods could tell', async () => {
      await tree.choose(cluster, 'Ask the System Itself');
      await tree.row(/^Cassandra cluster catalog, healthy.*all up and normal from every node/, restart);
    });
    await step('a cleanup goes over one node after the other', async () => {
      await tree.choose(cluster, 'Rebalance');
      await workbench.pickEntry('Clean up');
      const text = await pages.says(/Clean up the nodes of Cassandra catalog[^]*Steps: 3/, restart);
      assert.match(text, /every keyspace has as many replicas as there are nodes: it owns everything/);
      assert.equal(await pages.isRefused('Run…'), false);
    });
    await takePicture(workbench, 'operation-ring-cleanup');
    await step('fewer nodes than replicas are refused, with the keyspaces that need them', async () => {
      await tree.choose(cluster, 'Scale');
      await pages.enter('2');
      const text = await pages.says(/Scale catalog of Cassandra catalog down to 2[^]*Checked before/, restart);
      assert.match(text, /Fails.*\n[^]*catalog has 3 replicas in dc1, and 2 nodes would be left/);
      assert.equal(await pages.isRefused('Run…'), true);
    });
    await takePicture(workbench, 'operation-ring-scale');
    await step('a node that is alive is not replaced', async () => {
      await tree.choose(cluster, 'Replace Dead Node');
      await workbench.pickEntry('Replace it');
      await workbench.pickEntry('catalog-0');
      const text = await pages.says(/Replace[^\n]*catalog-0[^]*Checked before/, restart);
      assert.match(text, /Fails.*\n[^]*nodetool of catalog-0 answers, in mode NORMAL/);
      assert.equal(await pages.isRefused('Run…'), true);
    });
    await takePicture(workbench, 'operation-ring-replace');
  },
};
