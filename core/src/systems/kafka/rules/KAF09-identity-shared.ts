import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { placeOf, rolesOf, valueOf } from '#core/systems/kafka/brokerConfig.ts';
import { idSetting, viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { parseListeners } from '#core/systems/kafka/listeners.ts';

export const identityShared: ObjectRule = {
  id: 'KAF09',
  title: 'Several pods claim to be the same broker',
  severity: 'error',
  source: 'Kafka 4.3 ClusterControlManager.registerBroker (DuplicateBrokerRegistration); KIP-631',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every pod of a StatefulSet has the same template, so what makes one node different from the next must come from its name: the number
of the node from the ordinal, the advertised address from the host name. With a fixed number only one pod can join; with a fixed address
clients that ask for broker 2 reach broker 0.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) {
      const replicas = group.workload?.replicas ?? 1;
      if (replicas < 2) continue;
      checkNumber(group, replicas, report);
      checkAddress(group, replicas, report);
    }
  },
};

function checkNumber({ config }: BrokerGroup, replicas: number, report: Report): void {
  const setting = idSetting(config);
  if (setting?.value === undefined || !/^\d+$/.test(setting.value)) return;
  const message = `${setting.written} is ${setting.value} for all ${replicas} pods. The first to come up joins the cluster; the others are refused as its double. Take it from the ordinal of the pod.`;
  report({ ...placeOf(setting), cause: 'invalid', message });
}

function checkAddress({ config }: BrokerGroup, replicas: number, report: Report): void {
  const setting = config.settings.get('advertised.listeners');
  const hosts = parseListeners(valueOf(config, 'advertised.listeners'))?.map(({ host }) => host) ?? [];
  const host = hosts.find((name) => name !== '' && name !== '0.0.0.0');
  if (!setting || host === undefined || rolesOf(config)?.has('broker') === false) return;
  const message = `${setting.written} names ${host} for all ${replicas} pods, so clients that look for one broker reach another. Take the host from the name of the pod.`;
  report({ ...placeOf(setting), cause: 'invalid', severity: 'warning', message });
}
