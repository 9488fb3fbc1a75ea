import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const before = `# The sessions of the shop.
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: sessions
spec:
  serviceName: sessions # headless
  replica: 3
  selector:
    matchLabels:
      app: sessions
  template:
    metadata:
      labels:
        app: sessions
    spec:
      containers:
        - name: sessions
          image: example/sessions:1.4
`;

export const quickFix: Journey = {
  name: 'quick fix: one finding at a time',
  async run(stage) {
    const name = 'ring.yaml';
    await writeFile(path.join(stage.folder, name), before);
    const workbench = await stage.openEditor();
    await stage.step('a misspelt field is underlined', async () => {
      await workbench.openFile(name);
      await waitFor('one problem', async () => ((await workbench.problemCount()) === 1 ? true : undefined));
    });
    await stage.step('the bulb offers the right name, and takes it', async () => {
      await workbench.goTo(8, 5);
      const titles = await workbench.quickFixes();
      const title = titles.find((offered) => offered.includes('replicas'));
      assert(title !== undefined, titles.join(', '));
      await stage.takePicture(workbench, 'quick-fix');
      await workbench.chooseQuickFix(title);
      await waitFor('no problem', async () => ((await workbench.problemCount()) === 0 ? true : undefined));
    });
    await stage.step('nothing else has changed', async () => {
      await workbench.save(name);
      assert.equal(await stage.readFile(name), before.replace('replica: 3', 'replicas: 3'));
    });
  },
};
