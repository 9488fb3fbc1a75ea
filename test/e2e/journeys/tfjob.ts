import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lintFindings } from '../support/commandLine.ts';
import type { Journey } from '../support/stage.ts';

export const tfjob: Journey = {
  name: 'tfjob: from an empty file by completion alone',
  async run(stage) {
    const name = 'training.yaml';
    await writeFile(path.join(stage.folder, name), '');
    const workbench = await stage.openEditor();
    await stage.step('an empty file opens', () => workbench.openFile(name));
    await stage.step('completion offers a TFJob', async () => {
      assert((await workbench.suggestions()).some((label) => label.includes('TFJob')));
    });
    await stage.step('what was completed is a TFJob without findings', async () => {
      await workbench.save(name);
      assert.deepEqual(await lintFindings(path.join(stage.folder, name)), []);
      assert.match(await stage.readFile(name), /kind: TFJob/);
    });
  },
};
