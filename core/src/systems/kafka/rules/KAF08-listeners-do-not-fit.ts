import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { isMissing, listOf, placeOf, rolesOf, valueOf, type BrokerConfig } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { parseListeners, parseProtocols, type Listener } from '#core/systems/kafka/listeners.ts';

export const listenersDoNotFit: ObjectRule = {
  id: 'KAF08',
  title: 'The listeners of a broker do not fit together',
  severity: 'error',
  source:
    'Kafka 4.3 KafkaConfig.validateValues and SocketServerConfigs.listenerListToEndPoints; tried with the classes of 4.3.1',
  fixable: false,
  refusedBy: 'nobody',
  why: `A broker opens its \`listeners\` and tells clients the addresses in \`advertised.listeners\`. The names in both must agree, every name
needs a security protocol, the brokers need one listener for themselves among those that are advertised, and 0.0.0.0 is an address to
listen on but none to go to. Kafka checks this when it starts.`,
  subject: 'object',
  check: (object, report) => {
    for (const { config } of viewBrokers(object)) {
      for (const problem of PROBLEMS) {
        const found = problem(config);
        const setting = found && config.settings.get(found.setting);
        if (!found || !setting) continue;
        const message = `${found.message(setting.written)} The broker does not start.`;
        report({ ...placeOf(setting), cause: 'invalid', message });
        break;
      }
    }
  },
};

interface Problem {
  readonly setting: string;
  readonly message: (written: string) => string;
}

type Check = (config: BrokerConfig) => Problem | undefined;

/** The first that is found is told; the others often follow from it. */
const PROBLEMS: readonly Check[] = [
  twoNamesForOne,
  repeatedListener,
  unsecuredListener,
  advertisedEverywhere,
  advertisedElsewhere,
  brokersApart,
];

function twoNamesForOne({ settings }: BrokerConfig): Problem | undefined {
  const [name, protocol] = ['inter.broker.listener.name', 'security.inter.broker.protocol'].map((key) =>
    settings.get(key),
  );
  if (!name || !protocol || name.value === '' || protocol.value === '') return undefined;
  return {
    setting: protocol.name,
    message: (written) => `${written} and ${name.written} are both set; only one may be.`,
  };
}

function repeatedListener(config: BrokerConfig): Problem | undefined {
  const listeners = parseListeners(valueOf(config, 'listeners')) ?? [];
  const name = repeated(listeners.map((listener) => listener.name));
  if (name !== undefined) {
    return { setting: 'listeners', message: (written) => `The listener ${name} stands twice in ${written}.` };
  }
  // Two addresses may share a port, one of IPv4 and one of IPv6.
  const open = listeners.filter(({ host, port }) => port > 0 && !host.startsWith('['));
  const port = repeated(open.map((listener) => listener.port));
  if (port === undefined) return undefined;
  return { setting: 'listeners', message: (written) => `Two listeners of ${written} have the port ${port}.` };
}

function repeated<T>(items: readonly T[]): T | undefined {
  return items.find((item, index) => items.indexOf(item) !== index);
}

function unsecuredListener(config: BrokerConfig): Problem | undefined {
  const protocols = parseProtocols(valueOf(config, 'listener.security.protocol.map'));
  const listeners = parseListeners(valueOf(config, 'listeners'));
  const name = protocols && listeners?.find((listener) => !protocols.has(listener.name))?.name;
  if (name === undefined) return undefined;
  return {
    setting: 'listener.security.protocol.map',
    message: (written) => `${written} does not say how the listener ${name} is secured.`,
  };
}

function advertisedEverywhere(config: BrokerConfig): Problem | undefined {
  const isOwn = config.settings.has('advertised.listeners');
  if (!isOwn && !(isMissing(config, 'advertised.listeners') && rolesOf(config)?.has('broker'))) return undefined;
  const setting = isOwn ? 'advertised.listeners' : 'listeners';
  const wrong = parseListeners(valueOf(config, setting))?.find(({ host }) => host === '0.0.0.0');
  if (!wrong) return undefined;
  const why = isOwn ? '' : ' and there is no advertised.listeners';
  return {
    setting,
    message: (written) =>
      `${written} has 0.0.0.0 for ${wrong.name}${why}, so clients would be sent to no address at all.`,
  };
}

function advertisedElsewhere(config: BrokerConfig): Problem | undefined {
  const listeners = parseListeners(valueOf(config, 'listeners'));
  const name =
    listeners && brokerListeners(config)?.find((own) => !listeners.some((one) => one.name === own.name))?.name;
  if (name === undefined) return undefined;
  return {
    setting: 'advertised.listeners',
    message: (written) => `${quoteText(name)} stands in ${written}, but not in listeners.`,
  };
}

function brokersApart(config: BrokerConfig): Problem | undefined {
  const advertised = brokerListeners(config);
  const setting = config.settings.get('inter.broker.listener.name');
  if (!advertised || rolesOf(config)?.has('broker') !== true) return undefined;
  const isDefault =
    isMissing(config, 'inter.broker.listener.name') && isMissing(config, 'security.inter.broker.protocol');
  const name = isDefault ? 'PLAINTEXT' : setting?.value?.toUpperCase();
  if (name === undefined || name === '' || advertised.some((listener) => listener.name === name)) return undefined;
  if (setting) {
    return {
      setting: setting.name,
      message: (written) => `${written} is ${quoteText(name)}, which is not advertised.`,
    };
  }
  return {
    setting: 'advertised.listeners',
    message: (written) =>
      `inter.broker.listener.name is not set, so the brokers look for the listener PLAINTEXT, which ${written} does not have.`,
  };
}

/** What clients are told, without the listeners of the controllers. */
function brokerListeners(config: BrokerConfig): readonly Listener[] | undefined {
  const controllers = listOf(config, 'controller.listener.names');
  if (!controllers && !isMissing(config, 'controller.listener.names') && config.settings.has('process.roles'))
    return undefined;
  const names = (controllers ?? []).map((name) => name.toUpperCase());
  return parseListeners(valueOf(config, 'advertised.listeners'))?.filter(({ name }) => !names.includes(name));
}
