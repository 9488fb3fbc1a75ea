import assert from 'node:assert/strict';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const context = /^Simulated cluster demo/;

export const demo: Journey = {
  name: 'demo: troubles of a simulated cluster say what they are',
  async run({ step, openEditor, takePicture }) {
    const workbench = await openEditor();
    const { tree } = workbench;
    await step('one command opens it, and it says that it is a simulation', async () => {
      await tree.open();
      await workbench.runCommand('Data Clusters: Open Demo Cluster');
      await tree.row(/^Simulated cluster demo.*simulation/);
      await tree.expand(context);
    });
    await step('a broker that runs out of memory', async () => {
      await tree.expand(/^Namespace shop\b/);
      await tree.row(/^Kafka cluster orders, unhealthy.*orders-1.*OOMKilled/);
    });
    await step('a node that is drained and looks well: only the ring tells', async () => {
      await tree.choose(/^Cassandra cluster catalog,/, 'Ask the System Itself');
      await tree.row(/^Cassandra cluster catalog, (?:unhealthy|warning).*catalog-1 is drained but calls itself UN/);
    });
    await step('a driver that failed twice, and a worker that is killed again and again', async () => {
      await tree.expand(/^Namespace analytics\b/);
      await tree.row(/^Spark application fraud-scores, .*driver failed twice/);
      await tree.row(/^TFJob mnist, .*exit code 137/);
    });
    await takePicture(workbench, 'demo-cluster');
    await step('its page of details draws the partitions of each broker, and why it is so', async () => {
      await tree.choose(/^Kafka cluster orders,/, 'Ask the System Itself');
      await tree.row(/^Kafka cluster orders, unhealthy.*under min ISR/);
      await tree.choose(/^Kafka cluster orders,/, 'Show Details');
      const text = await waitFor('the page', async () => {
        const shown = await workbench.webviewText();
        return shown.includes('under min ISR') ? shown : undefined;
      });
      assert.match(text, /orders-1/);
    });
    await takePicture(workbench, 'details');
  },
};
