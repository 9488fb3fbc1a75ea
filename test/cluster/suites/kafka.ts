import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { bootstrap, consume, kafkaTool, produce, underReplicated, waitForFullIsr } from '../support/kafka.ts';
import { replacePod, seconds } from '../support/pods.ts';
import type { Suite } from '../support/suite.ts';

export const kafka: Suite = {
  name: 'kafka',
  needs: ['kafka'],
  tests: [
    {
      title: 'three brokers hold every partition three times, all in sync',
      async run(cluster) {
        const text = await kafkaTool(cluster, 'kafka-0', 'kafka-topics', '--bootstrap-server', bootstrap, '--describe');
        const partitions = text.split('\n').filter((line) => /Topic: (orders|events)\b.*Partition:/.test(line));
        assert.equal(partitions.length, 9);
        for (const line of partitions) assert.match(line, /Isr: \d,\d,\d\b/);
        assert.deepEqual(await underReplicated(cluster), []);
      },
    },
    {
      title: 'what one client writes through the Service another reads from a broker',
      async run(cluster) {
        const lines = Array.from({ length: 50 }, (_, index) => `record ${index}`);
        const topic = `smoke-${Date.now()}`;
        const where = ['--bootstrap-server', bootstrap, '--topic', topic];
        const shape = ['--partitions', '3', '--replication-factor', '3'];
        await kafkaTool(cluster, 'kafka-0', 'kafka-topics', ...where, '--create', ...shape);
        try {
          await produce(cluster, topic, lines);
          assert.deepEqual((await consume(cluster, topic, lines.length)).toSorted(), lines.toSorted());
        } finally {
          await kafkaTool(cluster, 'kafka-0', 'kafka-topics', ...where, '--delete');
        }
      },
    },
    {
      title: 'a deleted broker comes back and rejoins its ISRs',
      async run(cluster) {
        const ready = await replacePod(cluster, { namespace: 'kafka', name: 'kafka-1' });
        const started = performance.now();
        await waitForFullIsr(cluster);
        cluster.note(`ready after ${seconds(ready)}, in sync ${seconds((performance.now() - started) / 1000)} later`);
      },
    },
  ],
};
