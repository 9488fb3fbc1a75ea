import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listOf, rolesOf, valueOf, type BrokerConfig } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerWorkload } from '#core/systems/kafka/brokers.ts';
import { parseListeners } from '#core/systems/kafka/listeners.ts';

export const controllersOneByOne: ObjectRule = {
  id: 'KAF17',
  title: 'Controllers are started one after the other',
  severity: 'hint',
  source: 'Kubernetes documentation of podManagementPolicy; start of a KRaft quorum, KIP-595',
  fixable: false,
  refusedBy: 'nobody',
  why: `With \`podManagementPolicy: OrderedReady\`, the default, the second pod is made once the first is ready. But a controller needs most of the
others before it can do its work, and a combined node opens its port for clients only then. If the readiness probe waits for that, the
first pod never gets ready, and after a loss of power the cluster does not come back. \`Parallel\` starts them together. The field cannot be
changed on an existing StatefulSet: delete it with \`--cascade=orphan\` and make it anew.`,
  subject: 'object',
  check: (object, report) => {
    if (object.groupKind !== 'apps/StatefulSet') return;
    for (const { config, workload } of viewBrokers(object)) {
      const policy = object.spec.field('podManagementPolicy');
      const isOrdered = policy.isAbsent || policy.text === 'OrderedReady' || policy.text === '';
      const replicas = workload?.replicas ?? 1;
      if (
        !isOrdered ||
        replicas < 2 ||
        !workload ||
        !waitsForOthers(workload, config) ||
        rolesOf(config)?.has('controller') !== true
      )
        continue;
      const message =
        'The controllers start one after the other, each waiting until the one before is ready, but they need each other to get ready. Set podManagementPolicy to Parallel.';
      report({ at: policy, cause: 'invalid', message });
    }
  },
};

/** Whether being ready takes more than the port of the controller, which opens at once. */
function waitsForOthers({ container }: BrokerWorkload, config: BrokerConfig): boolean {
  const probe = container.field('readinessProbe');
  if (!probe.isPresent) return false;
  const { integer, text } = probe.at('tcpSocket', 'port');
  const named = container.field('ports').items.find((port) => text !== undefined && port.field('name').text === text);
  const names = listOf(config, 'controller.listener.names') ?? [];
  const controllers = parseListeners(valueOf(config, 'listeners'))?.filter(({ name }) => names.includes(name)) ?? [];
  const asked = integer ?? named?.field('containerPort').integer;
  return asked === undefined || controllers.every(({ port }) => port !== asked);
}
