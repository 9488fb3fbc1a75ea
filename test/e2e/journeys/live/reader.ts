import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { READER_CONTEXT } from '../../support/liveCluster.ts';

export const liveReader: Journey = {
  name: 'live reader: one who may read pods and StatefulSets of one namespace',
  needs: ['kafka'],
  async run({ step, openEditor }) {
    const workbench = await openEditor();
    const { tree } = workbench;
    await step('sees the data clusters of the namespace', async () => {
      await tree.open();
      await tree.expand(new RegExp(`^Cluster ${READER_CONTEXT}\\b`));
      await tree.expand(/^Namespace kafka\b/);
      await tree.row(/^Kafka cluster kafka, .*3 of 3 brokers/);
    });
    await step('is told in the tree what is not shown, and why', async () => {
      await tree.row(/Not shown/);
      await tree.expand(/Not shown/);
      await tree.row(/Services are not shown/);
    });
    await step('gets no message about it', async () => {
      assert.equal(await workbench.toasts(), '');
    });
  },
};
