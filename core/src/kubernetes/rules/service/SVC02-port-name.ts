import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { isMissing, repetitions, reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { portsOf } from '#core/kubernetes/rules/service/serviceView.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const portName: ObjectRule = {
  id: 'SVC02',
  title: 'The name of a Service port is missing, malformed or repeated',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateServicePort, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `With several ports every port needs a name of its own, by which Ingresses, monitors and SRV records refer to it. A single port may go
without.`,
  subject: 'object',
  kinds: ['/Service'],
  check: (object, report) => {
    const ports = portsOf(object);
    const { isOpen } = object.spec.field('ports');
    const names = ports.map((port) => port.field('name'));
    for (const name of names) {
      reportMalformed(name, 'port name', checkDnsLabel, report);
      if (ports.length < 2 || isOpen || !isMissing(name)) continue;
      const message = 'The port has no name; where a Service has several ports, each needs one.';
      report({ at: name, cause: 'required', message });
    }
    if (isOpen) return;
    for (const [name, earlier] of repetitions(names, ({ text }) => text)) {
      const message = `The port name ${quoteText(name.text ?? '')} stands twice in this Service.`;
      report({ at: name, cause: 'duplicate', message, related: [{ at: earlier, message: 'It stands here first' }] });
    }
  },
};
