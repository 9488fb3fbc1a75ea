import { checkPortName } from '#core/kubernetes/names.ts';
import { unquoting } from '#core/kubernetes/rules/amount.ts';
import { repetitions, reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { portsOf } from '#core/kubernetes/rules/service/serviceView.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const portNumber: ObjectRule = {
  id: 'SVC03',
  title: 'A port of a Service is out of range, malformed or taken',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateServicePort, and the allocation of node ports, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Ports are numbers from 1 to 65535; a target port may also be the name of a container port. A Service has each port of a protocol
once, and a node port twice only for one port number under two protocols.`,
  subject: 'object',
  kinds: ['/Service'],
  check: (object, report) => {
    const ports = portsOf(object);
    for (const port of ports) reportNumbers(port, report);
    // In a template one port may stand there for another.
    if (object.spec.field('ports').isOpen) return;
    for (const [port, earlier] of repetitions(ports, identity)) {
      const message = `The port ${identity(port) ?? ''} stands twice in this Service.`;
      report({ at: port, cause: 'duplicate', message, related: [{ at: earlier, message: 'It stands here first' }] });
    }
    for (const [port, earlier] of repetitions(ports, nodePort)) {
      // One port number under two protocols shares its node port.
      if (port.field('port').integer === earlier.field('port').integer) continue;
      const at = port.field('nodePort');
      const message = `The node port ${nodePort(port) ?? ''} is already that of another port of this Service.`;
      report({
        at,
        cause: 'invalid',
        message,
        related: [{ at: earlier.field('nodePort'), message: 'It stands here first' }],
      });
    }
  },
};

function reportNumbers(port: NodeView, report: Report): void {
  const target = port.field('targetPort');
  reportRange(port.field('port'), report);
  // 0 stands for the port itself, an empty text too.
  if (target.isPresent && /^\d+$/.test(target.text ?? '')) {
    const message = `The target port ${quoteText(target.text ?? '')} is a text, which names a port, and such a name has a letter. As a number it has no quotes.`;
    report({ at: target, cause: 'invalid', message, ...unquoting(target) });
  } else if (target.integer === undefined) reportMalformed(target, 'target port', checkPortName, report);
  else if (target.integer !== 0) reportRange(target, report);
}

function reportRange(view: NodeView, report: Report): void {
  const { integer } = view;
  if (integer === undefined || (integer >= 1 && integer <= 65_535)) return;
  report({ at: view, cause: 'invalid', message: `${integer} is no port; ports go from 1 to 65535.` });
}

function identity(port: NodeView): string | undefined {
  const { text } = port.field('protocol');
  const number = port.field('port').integer;
  return text === undefined || number === undefined ? undefined : `${number}/${text === '' ? 'TCP' : text}`;
}

function nodePort(port: NodeView): string | undefined {
  const { integer } = port.field('nodePort');
  return integer === undefined || integer === 0 ? undefined : String(integer);
}
