import assert from 'node:assert/strict';
import { askApiVersions } from '../support/kafkaWire.ts';
import { forwardPort } from '../support/portForward.ts';
import { control, inPod, tryControl, type Suite } from '../support/suite.ts';

const kafka = { namespace: 'kafka', pod: 'kafka-0' } as const;

export const pods: Suite = {
  name: 'pods',
  needs: ['kafka'],
  tests: [
    {
      title: 'a command in a pod keeps its exit code and both of its streams',
      async run(cluster) {
        const script = 'echo out; echo err >&2; exit 7';
        const args = ['-n', kafka.namespace, 'exec', kafka.pod, '--', 'sh', '-c', script];
        const { code, stdout, stderr } = await tryControl(cluster, args);
        assert.equal(code, 7);
        assert.equal(stdout, 'out\n');
        assert.match(stderr, /^err$/m);
      },
    },
    {
      title: 'a command in a pod reads what it is given',
      async run(cluster) {
        const args = ['-n', kafka.namespace, 'exec', '-i', kafka.pod, '--', 'wc', '-c'];
        const { stdout } = await tryControl(cluster, args, { input: 'x'.repeat(100_000) });
        assert.equal(stdout.trim(), '100000');
      },
    },
    {
      title: 'the log of a pod is what its process wrote',
      async run(cluster) {
        const log = await control(cluster, '-n', kafka.namespace, 'logs', kafka.pod, '--tail=-1');
        assert.match(log, /Kafka Server started/);
      },
    },
    {
      title: 'a forwarded port speaks the protocol of Kafka',
      async run(cluster) {
        const forward = await forwardPort(cluster.access, kafka.namespace, kafka.pod, 9092);
        try {
          assert.equal(await askApiVersions(forward.port), 42);
        } finally {
          await forward.close();
        }
      },
    },
    {
      title: 'pods find each other by name, within a namespace and across',
      async run(cluster) {
        for (const name of ['kafka-1.kafka', 'kafka-bootstrap', 'kubernetes.default.svc.cluster.local']) {
          const answer = await inPod(cluster, kafka.namespace, kafka.pod, 'getent', 'hosts', name);
          assert.match(answer, /^\d+\.\d+\.\d+\.\d+ /, name);
        }
      },
    },
    {
      title: 'the memory limit of a pod reaches the kernel',
      async run(cluster) {
        const limit = await inPod(cluster, kafka.namespace, kafka.pod, 'sh', '-c', readMemoryLimit);
        assert.equal(limit.trim(), String(768 * 1024 * 1024));
      },
    },
  ],
};

/** In either version of control groups. */
const readMemoryLimit = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max';
