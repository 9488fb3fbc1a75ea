import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crash, findLanguageServers } from '../support/serverProcess.ts';
import type { Journey, Stage } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';
import type { Workbench } from '../support/workbench.ts';

const manifest = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  level: info
`;

/** One crash more than are answered with a restart, within the minutes that count. */
const CRASHES = 5;

export const crashes: Journey = {
  name: 'crash: the server is started again, until that makes no sense',
  async run(stage) {
    const name = 'settings.yaml';
    await writeFile(path.join(stage.folder, name), manifest);
    // Windows of other journeys may still be closing; their servers are none of this one's.
    const seen = [...(await findLanguageServers(stage.editorProcess))];
    const last = seen.length + CRASHES;
    const workbench = await stage.openEditor();
    await stage.step('the file opens, and a server runs', async () => {
      await workbench.openFile(name);
      await runningServer(stage, seen);
    });
    await stage.step('after a crash findings appear as before', async () => {
      seen.push(await crashOnce(stage, seen));
      await runningServer(stage, seen);
      await breakManifest(workbench);
      await waitFor('one problem', async () => ((await workbench.problemCount()) === 1 ? true : undefined));
    });
    await stage.step('after the fifth crash in a row it says so, and where the log is', async () => {
      while (seen.length < last) seen.push(await crashOnce(stage, seen));
      const notice = workbench.page.locator('.notification-list-item', { hasText: 'ended 5 times within minutes' });
      await notice.first().waitFor();
      assert((await notice.first().innerText()).includes('Show Log'));
      await stage.takePicture(workbench, 'server-given-up');
    });
    await stage.step('the message starts it again', async () => {
      await workbench.page.locator('.notification-list-item').getByText('Restart Server').click();
      await runningServer(stage, seen);
    });
  },
};

async function breakManifest(workbench: Workbench): Promise<void> {
  await workbench.goTo(4, 7);
  await workbench.type('x');
}

async function crashOnce(stage: Stage, seen: readonly number[]): Promise<number> {
  const id = await runningServer(stage, seen);
  crash(id);
  return id;
}

/** A server that is not one of those that were ended. */
function runningServer(stage: Stage, ended: readonly number[]): Promise<number> {
  return waitFor('a language server', async () => {
    const running = await findLanguageServers(stage.editorProcess);
    return running.find((id) => !ended.includes(id));
  });
}
