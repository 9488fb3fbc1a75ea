import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { ADMIN_CONTEXT } from '../../support/liveCluster.ts';
import { waitFor } from '../../support/waiting.ts';

const member = /cassandra-1, /;
const label = 'data-clusters-walk';

export const liveEdit: Journey = {
  name: 'live edit: an object is changed as a document',
  needs: ['cassandra'],
  async run({ step, openEditor, live }) {
    assert(live);
    const workbench = await openEditor();
    const { tree } = workbench;
    await step('the pod opens as YAML, without what the server keeps for itself', async () => {
      await tree.open();
      await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
      await tree.expand(/^Namespace cassandra\b/);
      await tree.expand(/^Cassandra cluster cassandra,/);
      await tree.choose(member, 'Open YAML');
      const text = await waitFor('the document', async () => {
        const shown = await workbench.editorText();
        return shown.includes('kind: Pod') ? shown : undefined;
      });
      assert.doesNotMatch(text, /managedFields/);
    });
    await step('a label is added and saved after a look at the difference', async () => {
      const lines = (await workbench.editorText()).split('\n');
      await workbench.goTo(lines.findIndex((line) => line.trim() === 'labels:') + 2, 1);
      await workbench.press('End');
      // After the first label; the editor indents the new line like it.
      await workbench.type(`\n${label}: "true"`);
      await workbench.press('Control+s');
      await workbench.pickEntry('Write');
    });
    await step('the server has it', async () => {
      await waitFor('the label', async () => {
        const found = await live.control(
          '-n',
          'cassandra',
          'get',
          'pod',
          'cassandra-1',
          '-o',
          'jsonpath={.metadata.labels}',
        );
        return found.includes(label) ? true : undefined;
      });
      await live.control('-n', 'cassandra', 'label', 'pod', 'cassandra-1', `${label}-`);
    });
  },
};
