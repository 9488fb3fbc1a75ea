import assert from 'node:assert/strict';
import { asText, at } from '../bed/json.ts';
import { control, read, readItems, tryControl, type Suite, type TestCluster } from '../support/suite.ts';

const topic = { namespace: 'default', name: 'smoke-topic' } as const;

const manifest = {
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaTopic',
  metadata: { ...topic, labels: { 'strimzi.io/cluster': 'shop' } },
  spec: { partitions: 3, replicas: 3 },
};

export const definitions: Suite = {
  name: 'definitions',
  needs: [],
  tests: [
    {
      title: 'custom resources are kept as they are, without an operator',
      async run(cluster) {
        if (!(await areInstalled(cluster))) return;
        await apply(cluster, manifest);
        try {
          const kept = await read(cluster, '-n', topic.namespace, 'kafkatopics.kafka.strimzi.io', topic.name);
          assert.equal(at(kept, 'spec', 'partitions'), 3);
          assert.equal(at(kept, 'status'), undefined);
        } finally {
          await control(cluster, '-n', topic.namespace, 'delete', 'kafkatopics.kafka.strimzi.io', topic.name);
        }
      },
    },
    {
      title: 'a custom resource that breaks its schema is refused',
      async run(cluster) {
        if (!(await areInstalled(cluster))) return;
        const refused = await apply(cluster, { ...manifest, spec: { partitions: 'three' } }).then(
          () => 'accepted',
          (error: unknown) => String(error),
        );
        assert.match(refused, /spec\.partitions: expected numeric/);
      },
    },
  ],
};

async function areInstalled(cluster: TestCluster): Promise<boolean> {
  const all = await readItems(cluster, 'customresourcedefinitions');
  const there = all.some((one) => asText(at(one, 'metadata', 'name')) === 'kafkatopics.kafka.strimzi.io');
  if (!there) cluster.note('no definitions are installed: DATA_CLUSTERS_CRDS names their folder');
  return there;
}

async function apply(cluster: TestCluster, object: object): Promise<void> {
  const args = ['apply', '--server-side', '--field-manager=smoke', '-f', '-'];
  const { code, stderr } = await tryControl(cluster, args, { input: JSON.stringify(object) });
  if (code !== 0) throw new Error(stderr);
}
