import { quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { misplacedOptions } from '#core/systems/kafka/rules/listenerOptions.ts';

/** Ports of the JMX exporter and of JMX itself. Those below 9092 are refused by the schema. */
const RESERVED_PORTS = [9404, 9999];

export const strimziListener: ObjectRule = {
  id: 'KAF14',
  title: 'Strimzi refuses a listener',
  severity: 'error',
  source: 'Strimzi 0.51 and 1.2 ListenersValidator',
  fixable: false,
  refusedBy: 'nobody',
  why: `The API server only checks that a listener has the right fields. Strimzi then checks whether they go together: names and ports that no
other listener has, TLS where it cannot do without, and options that the type of the listener knows. If one listener is wrong, Strimzi
leaves the whole cluster as it is and sets its condition to NotReady.`,
  subject: 'object',
  kinds: ['kafka.strimzi.io/Kafka'],
  check: ({ spec }, report) => {
    const listeners = spec.at('kafka', 'listeners').items;
    checkUnique(listeners, 'name', report);
    checkUnique(listeners, 'port', report);
    for (const listener of listeners) {
      checkPort(listener, report);
      checkTls(listener, report);
      for (const { at, message } of misplacedOptions(listener)) {
        report({ at, cause: 'forbidden', message: `${message} ${REFUSED}` });
      }
      checkIngress(listener, report);
    }
  },
};

const REFUSED = 'Strimzi refuses the cluster.';

function checkUnique(listeners: readonly NodeView[], field: 'name' | 'port', report: Report): void {
  const first = new Map<string | number, NodeView>();
  for (const listener of listeners) {
    const view = listener.field(field);
    const value = field === 'name' ? view.text : view.integer;
    if (value === undefined) continue;
    const earlier = first.get(value);
    if (!earlier) first.set(value, view);
    else {
      const message = `The listener ${field} ${quoteText(String(value))} stands twice. ${REFUSED}`;
      report({ at: view, cause: 'duplicate', message, related: [{ at: earlier, message: 'It stands here first' }] });
    }
  }
}

function checkPort(listener: NodeView, report: Report): void {
  const port = listener.field('port');
  if (port.integer === undefined || !RESERVED_PORTS.includes(port.integer)) return;
  const message = `The port ${port.integer} is kept for the metrics of the broker. ${REFUSED}`;
  report({ at: port, cause: 'invalid', message });
}

function checkTls(listener: NodeView, report: Report): void {
  const tls = listener.field('tls');
  if (tls.boolean !== false) return;
  const type = listener.field('type').text;
  const needs = [
    { isThere: type === 'route' || type === 'ingress', what: `a listener of the type ${type ?? ''}` },
    { isThere: listener.at('authentication', 'type').text === 'tls', what: 'authentication of the type tls' },
    {
      isThere: listener.at('configuration', 'brokerCertChainAndKey').isPresent,
      what: 'a certificate in brokerCertChainAndKey',
    },
  ];
  const need = needs.find(({ isThere }) => isThere);
  if (need) report({ at: tls, cause: 'invalid', message: `TLS is off, but ${need.what} needs it. ${REFUSED}` });
}

function checkIngress(listener: NodeView, report: Report): void {
  if (listener.field('type').text !== 'ingress') return;
  const configuration = listener.field('configuration');
  const missing = [
    ...(configuration.at('bootstrap', 'host').isAbsent ? ['configuration.bootstrap.host'] : []),
    ...(configuration.field('brokers').isAbsent && configuration.field('hostTemplate').isAbsent
      ? ['the hosts of the brokers in configuration.brokers']
      : []),
  ];
  if (missing.length === 0) return;
  const message = `A listener of the type ingress needs ${missing.join(' and ')}. ${REFUSED}`;
  report({ at: listener, cause: 'required', message });
}
