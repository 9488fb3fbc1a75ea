import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journey } from '../support/stage.ts';
import { TRIPWIRE_CONTEXT } from '../support/tripwire.ts';
import { waitFor } from '../support/waiting.ts';

/** Long enough for anything that is started by opening a file or a view. */
const settled = 3000;

export const silence: Journey = {
  name: 'silence: nothing is contacted before a context is opened',
  async run({ step, addSample, openEditor, tripwire }) {
    await addSample('kafka-kraft.yaml');
    const workbench = await openEditor();
    await step('a manifest is open and judged, and no server was asked, no login run', async () => {
      await workbench.openFile('kafka-kraft.yaml');
      await workbench.showProblems();
      await sleep(settled);
      assert.equal(tripwire.connections, 0);
      assert.equal(tripwire.loginRan, false);
    });
    await step('the view lists the context and asks nobody', async () => {
      await workbench.tree.open();
      await workbench.tree.row(new RegExp(`^Cluster ${TRIPWIRE_CONTEXT}`));
      await sleep(settled);
      assert.equal(tripwire.connections, 0);
      assert.equal(tripwire.loginRan, false);
    });
    await step('an opened context is asked, and says in the tree why it does not answer', async () => {
      await workbench.tree.expand(new RegExp(`^Cluster ${TRIPWIRE_CONTEXT}`));
      await waitFor('a connection', () => (tripwire.connections > 0 ? true : undefined));
      await workbench.tree.row(/cannot be reached|broke|does not answer/i);
      assert.equal(await workbench.toasts(), '');
    });
  },
};
