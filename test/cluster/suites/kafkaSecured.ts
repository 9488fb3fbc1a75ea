import assert from 'node:assert/strict';
import { inPod, tryControl, type Suite, type TestCluster } from '../support/suite.ts';

const namespace = 'kafka-secured';
const bootstrap = 'kafka-bootstrap.kafka-secured.svc:9092';

export const kafkaSecured: Suite = {
  name: 'kafka-secured',
  needs: ['kafka-secured'],
  optional: true,
  tests: [
    {
      title: 'a client with the password sees all replicas in sync',
      async run(cluster) {
        const text = await topics(cluster, '/tmp/client.properties', '--describe');
        const partitions = text.split('\n').filter((line) => line.includes('Partition:') && line.includes('orders'));
        assert.equal(partitions.length, 6);
        for (const line of partitions) assert.match(line, /Isr: 10\d,10\d,10\d\b/);
      },
    },
    {
      title: 'a client with a wrong password is refused',
      async run(cluster) {
        const spoil = 'sed \'s/password="[^"]*"/password="wrong"/\' /tmp/client.properties >/tmp/wrong.properties';
        await inPod(cluster, namespace, 'kafka-brokers-0', 'sh', '-c', spoil);
        const failure = await topics(cluster, '/tmp/wrong.properties', '--list').then(
          () => 'accepted',
          (error: unknown) => String(error),
        );
        assert.match(failure, /SaslAuthenticationException|Authentication failed/);
      },
    },
    {
      title: 'three controllers agree, apart from the brokers',
      async run(cluster) {
        const command = ['/opt/kafka/bin/kafka-metadata-quorum.sh', '--bootstrap-server', bootstrap];
        const how = ['--command-config', '/tmp/client.properties', 'describe', '--status'];
        const args = [
          '-n',
          namespace,
          'exec',
          'kafka-brokers-0',
          '--',
          'env',
          'KAFKA_HEAP_OPTS=-Xmx128m',
          ...command,
          ...how,
        ];
        const { stdout } = await tryControl(cluster, args);
        assert.match(stdout, /LeaderId:\s+[012]\b/);
        assert.match(stdout, /CurrentVoters:.*\b0\b.*\b1\b.*\b2\b/);
        assert.match(stdout, /CurrentObservers:.*\b10[012]\b/);
      },
    },
  ],
};

const topics = (cluster: TestCluster, configuration: string, ...args: string[]): Promise<string> =>
  inPod(
    cluster,
    namespace,
    'kafka-brokers-0',
    'env',
    'KAFKA_HEAP_OPTS=-Xmx128m',
    '/opt/kafka/bin/kafka-topics.sh',
    '--bootstrap-server',
    bootstrap,
    '--command-config',
    configuration,
    ...args,
  );
