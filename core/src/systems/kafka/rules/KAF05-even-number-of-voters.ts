import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { placeOf, valueOf } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { parseVoters } from '#core/systems/kafka/listeners.ts';

export const evenNumberOfVoters: ObjectRule = {
  id: 'KAF05',
  title: 'The number of controllers is even',
  severity: 'warning',
  source: 'Strimzi 1.2 KafkaSpecChecker (KafkaKRaftControllerNodeCount); Raft majority',
  fixable: false,
  refusedBy: 'nobody',
  why: `More than half of the controllers must agree on every change. With two, both must be up, so two are worse than one; with four, one may
be away, as with three. Use three, or five where two may be away.`,
  subject: 'object',
  check: (object, report) => {
    for (const { config } of viewBrokers(object)) {
      const setting = config.settings.get('controller.quorum.voters');
      const ids = new Set(parseVoters(valueOf(config, 'controller.quorum.voters'))?.map(({ id }) => id));
      if (!setting || ids.size === 0 || ids.size % 2 === 1) continue;
      const spare = ids.size / 2 - 1;
      const message =
        ids.size === 2
          ? 'There are two controllers, and both must be up: a restart of either stops the cluster.'
          : `There are ${ids.size} controllers, an even number. Only ${spare} may be away, no more than with ${ids.size - 1}.`;
      report({ ...placeOf(setting), cause: 'invalid', message });
    }
  },
};
