import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const manifest = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cassandra
spec:
  serviceName: cassandra
  replicas: 3
  selector:
    matchLabels:
      app: cassandra
  template:
    metadata:
      labels:
        app: cassandra
    spec:
      terminationGracePeriodSeconds: 1800
      containers:
        - name: cassandra
          image: cassandra:5.0
`;

export const hover: Journey = {
  name: 'hover: a field explains itself',
  async run(stage) {
    await writeFile(path.join(stage.folder, 'cassandra.yaml'), manifest);
    const workbench = await stage.openEditor();
    await stage.step('the file opens', () => workbench.openFile('cassandra.yaml'));
    await stage.step('hover on a field says its type and what it does', async () => {
      await workbench.goTo(16, 12);
      const text = await waitFor('a hover from the server', async () => {
        const shown = await workbench.hover();
        if (shown?.includes('terminationGracePeriodSeconds')) return shown;
        await workbench.press('Escape');
        return undefined;
      });
      assert.match(text, /integer/);
    });
    await stage.takePicture(workbench, 'hover');
  },
};
