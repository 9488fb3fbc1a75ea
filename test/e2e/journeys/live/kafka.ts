import assert from 'node:assert/strict';
import type { Journey } from '../../support/stage.ts';
import { ADMIN_CONTEXT } from '../../support/liveCluster.ts';
import { patience, waitFor } from '../../support/waiting.ts';

/** A broker needs some 15 s to come back, and the machine has other things to do. */
const recovery = 180_000;

const cluster = /^Kafka cluster kafka,/;

export const liveKafka: Journey = {
  name: 'live kafka: a broker goes and comes back',
  needs: ['kafka'],
  async run({ step, openEditor, takePicture, live }) {
    assert(live);
    const workbench = await openEditor();
    const { tree } = workbench;
    await step('the view opens, and the context shows what runs in it', async () => {
      await tree.open();
      await tree.expand(new RegExp(`^Cluster ${ADMIN_CONTEXT}\\b`));
      await tree.expand(/^Namespace kafka\b/);
      await tree.row(/^Kafka cluster kafka, healthy.*3 of 3 brokers/);
    });
    await step('asked itself, Kafka says that every partition is in sync', async () => {
      await tree.choose(cluster, 'Ask');
      await tree.row(/^Kafka cluster kafka, healthy.*3 of 3 brokers.*in sync/, patience * 2);
      await tree.expand(cluster);
      await tree.row(/kafka-1, healthy/);
    });
    await takePicture(workbench, 'live-clusters');
    await step('a broker that is stopped from outside shows, with its reason', async () => {
      await live.control('-n', 'kafka', 'delete', 'pod', 'kafka-1', '--wait=false');
      await tree.row(/^Kafka cluster kafka, (?:unhealthy|warning|working).*(?:kafka-1|2 of 3 brokers)/, recovery);
    });
    await step('it is whole again once the broker is back', async () => {
      await tree.row(/^Kafka cluster kafka, healthy.*3 of 3 brokers/, recovery);
    });
    await step('the log of a broker is a document that can be searched', async () => {
      await tree.choose(/kafka-1, healthy/, 'Follow Logs');
      await waitFor(
        'lines of the log',
        async () => (/KafkaRaftServer|kafka\.|INFO/.test(await workbench.anyText()) ? true : undefined),
        () => workbench.anyText(),
      );
    });
    await step('a shell runs in the pod', async () => {
      await tree.choose(/kafka-1, healthy/, 'Open Shell');
      await waitFor(
        'a prompt',
        async () => (/[#$]\s*$/m.test(await workbench.terminalText()) ? true : undefined),
        () => workbench.terminalText(),
      );
      await workbench.type('hostname\n');
      await waitFor(
        'the answer of the shell',
        async () => (/^kafka-1$/m.test(await workbench.terminalText()) ? true : undefined),
        () => workbench.terminalText(),
      );
      await workbench.type('exit\n');
    });
  },
};
