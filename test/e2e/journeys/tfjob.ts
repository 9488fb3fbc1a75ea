import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lintFindings } from '../support/commandLine.ts';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const EXPECTED = `apiVersion: kubeflow.org/v1
kind: TFJob
metadata:
  name: mnist
spec:
  tfReplicaSpecs:
    Worker:
      replicas: 1
      restartPolicy: OnFailure
      template:
        spec:
          containers:
            - name: tensorflow
              image: tensorflow/tensorflow:2.19.0`;

export const tfjob: Journey = {
  name: 'tfjob: from an empty file by completion alone',
  async run(stage) {
    const name = 'training.yaml';
    await writeFile(path.join(stage.folder, name), '');
    const workbench = await stage.openEditor();
    await stage.step('an empty file opens', () => workbench.openFile(name));
    await stage.step('completion offers a TFJob, and takes it', async () => {
      await workbench.acceptSuggestion('TFJob');
    });
    await stage.step('only name and image have to be typed', async () => {
      await workbench.type('mnist');
      for (const _place of ['replicas', 'restart policy', 'container', 'image']) await workbench.press('Tab');
      await workbench.type('tensorflow/tensorflow:2.19.0');
      await waitFor('no problem', async () => ((await workbench.problemCount()) === 0 ? true : undefined));
      await stage.takePicture(workbench, 'tfjob-completed');
    });
    await stage.step('what was completed is a TFJob without findings', async () => {
      await workbench.save(name);
      assert.deepEqual(await lintFindings(path.join(stage.folder, name)), []);
      assert.equal(await stage.readFile(name), EXPECTED);
    });
  },
};
