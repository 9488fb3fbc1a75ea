import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { isMissing, listOf, placeOf, rolesOf, valueOf, type BrokerConfig } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { parseListeners, parseProtocols } from '#core/systems/kafka/listeners.ts';

const NAMES = 'controller.listener.names';
const START = 'The broker does not start.';

export const controllerListeners: ObjectRule = {
  id: 'KAF07',
  title: 'The listeners of the controllers do not fit the role of the node',
  severity: 'error',
  source: 'Kafka 4.3 KafkaConfig.validateValues; tried with the classes of 4.3.1',
  fixable: false,
  refusedBy: 'nobody',
  why: `\`controller.listener.names\` says which listeners the controllers talk on. A controller listens on them itself, so each must stand in
\`listeners\`. A node that is only a broker must not listen on them, but needs to know how they are secured. A node that is only a
controller listens on nothing else. Kafka checks this when it starts.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) {
      if (!rolesOf(group.config)) continue;
      if (isMissing(group.config, NAMES)) {
        const message = `process.roles is set, but ${NAMES} is not. ${START}`;
        report({ at: group.home, cause: 'required', message });
      } else checkNames(group, report);
    }
  },
};

function checkNames({ config }: BrokerGroup, report: Report): void {
  const setting = config.settings.get(NAMES);
  const names = listOf(config, NAMES);
  if (!setting || !names) return;
  const problem = problemOf(config, names);
  if (problem !== undefined) {
    report({ ...placeOf(setting), cause: 'invalid', message: `${problem(setting.written)} ${START}` });
  }
}

type Problem = (written: string) => string;

function problemOf(config: BrokerConfig, names: readonly string[]): Problem | undefined {
  const roles = rolesOf(config);
  const listeners = parseListeners(valueOf(config, 'listeners'))?.map(({ name }) => name);
  if (!roles?.has('controller')) return brokerProblem(config, names, listeners);
  const absent = listeners ? names.filter((name) => !listeners.includes(name)) : [];
  if (absent.length > 0) {
    return (written) => `${quoteText(absent.join(', '))} stands in ${written}, but not in listeners.`;
  }
  const others = roles.has('broker') ? [] : (listeners ?? []).filter((name) => !names.includes(name));
  if (others.length === 0) return undefined;
  return (written) => `The node is only a controller, but listens on ${listNames(others, 'and')} beside ${written}.`;
}

function brokerProblem(
  config: BrokerConfig,
  names: readonly string[],
  listeners: readonly string[] | undefined,
): Problem | undefined {
  const own = names.filter((name) => listeners?.includes(name));
  if (own.length > 0) {
    return (written) => `The node is only a broker, but listens on ${listNames(own, 'and')}, which ${written} names.`;
  }
  const protocols = parseProtocols(valueOf(config, 'listener.security.protocol.map'));
  const unsecured = protocols ? names.filter((name) => !protocols.has(name.toUpperCase())) : [];
  if (unsecured.length === 0) return undefined;
  return (written) =>
    `${quoteText(unsecured.join(', '))} stands in ${written}, but listener.security.protocol.map does not say how it is secured.`;
}
