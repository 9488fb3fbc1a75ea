import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Journey } from '../support/stage.ts';
import { waitFor } from '../support/waiting.ts';

const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-settings
data:
  level: info
`;

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: shop
      image: example/shop:1.4
      envFrom:
        - configMapRef:
            name: shop-settings
      volumeMounts:
        - name: scratch
          mountPath: /tmp
  volumes:
    - name: scratch
      emptyDir: {}
`;

export const navigation: Journey = {
  name: 'navigation: from a name to its definition, and to another name',
  async run(stage) {
    await writeFile(path.join(stage.folder, 'settings.yaml'), settings);
    await writeFile(path.join(stage.folder, 'pod.yaml'), pod);
    const workbench = await stage.openEditor();
    await stage.step('F12 on the name of a ConfigMap opens the file that has it', async () => {
      await workbench.openFile('pod.yaml');
      await workbench.goTo(11, 22);
      // The server may not have read the other file yet; the editor says so, and asks again.
      await waitFor('the other file in front', async () => {
        await workbench.press('F12');
        return workbench.comesToFront('settings.yaml');
      });
    });
    await stage.step('a volume is renamed together with its mount', async () => {
      await workbench.openFile('pod.yaml');
      await workbench.goTo(13, 18);
      await workbench.rename('temporary');
      await waitFor('both places in the file', async () => {
        await workbench.save('pod.yaml');
        return (await stage.readFile('pod.yaml')) === pod.replaceAll('scratch', 'temporary') ? true : undefined;
      });
      assert.equal(await stage.readFile('settings.yaml'), settings);
    });
  },
};
