import assert from 'node:assert/strict';
import { asText, at } from '../bed/json.ts';
import { isReady } from '../support/pods.ts';
import { control, readItems, tryControl, type Suite } from '../support/suite.ts';

export const nodes: Suite = {
  name: 'nodes',
  needs: [],
  tests: [
    {
      title: 'three workers or more are ready',
      async run(cluster) {
        const all = await readItems(cluster, 'nodes', '-l', '!node-role.kubernetes.io/control-plane');
        assert.ok(all.length >= 3, `${all.length} nodes`);
        assert.deepEqual(
          all.filter((node) => !isReady(node)).map((node) => asText(at(node, 'metadata', 'name'))),
          [],
        );
      },
    },
    {
      title: 'each kubelet answers the API server with figures of its pods',
      async run(cluster) {
        for (const node of await readItems(cluster, 'nodes')) {
          const name = asText(at(node, 'metadata', 'name'));
          const summary = await control(cluster, 'get', '--raw', `/api/v1/nodes/${name}/proxy/stats/summary`);
          assert.match(summary, new RegExp(`"nodeName": ?"${name}"`));
        }
      },
    },
    {
      title: 'an account without rights may not delete pods',
      async run(cluster) {
        const question = ['auth', 'can-i', 'delete', 'pods', '--as=system:serviceaccount:default:default'];
        const { code, stdout } = await tryControl(cluster, question);
        assert.deepEqual([code, stdout.trim()], [1, 'no']);
      },
    },
    {
      title: 'there are volumes bound to a node and volumes that may move',
      async run(cluster) {
        const classes = await readItems(cluster, 'storageclasses');
        const names = classes.map((one) => asText(at(one, 'metadata', 'name')));
        assert.ok(names.includes('shared'), names.join(', '));
        const standard = classes.filter(
          (one) => at(one, 'metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true',
        );
        assert.equal(standard.length, 1, 'one class is the default');
        assert.notDeepEqual(await readItems(cluster, 'persistentvolumes'), []);
      },
    },
  ],
};
