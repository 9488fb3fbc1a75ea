import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const manifest = `apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata:
  name: events
spec:
  kafka:
    version: 4.1.0
`;

export const status: Journey = {
  name: 'status: where the schema comes from',
  async run(stage) {
    await writeFile(path.join(stage.folder, 'kafka.yaml'), manifest);
    const workbench = await stage.openEditor();
    await stage.step('the file opens', () => workbench.openFile('kafka.yaml'));
    await stage.step('the status item names kind and source of the schema', async () => {
      const text = await waitFor('the schema of the document', async () => {
        const shown = await workbench.languageStatus();
        await workbench.page.mouse.move(10, 400);
        return shown.includes('Kafka') ? shown : undefined;
      });
      assert.match(text, /bundled/i);
    });
  },
};
