import { isInt32, portNumberProblem } from '#core/kubernetes/rules/container/portNumbers.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const portNumber: PodRule = {
  id: 'POD06',
  title: 'A port of a container is no port number',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainerPorts, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Ports go from 1 to 65535. A \`hostPort\` of 0 is the same as none; a \`containerPort\` of 0 is the same as a missing one.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      for (const port of view.field('ports').items) {
        const number = port.field('containerPort');
        if (number.integer === 0 || (!port.isPresent && number.isAbsent)) {
          report({
            at: number,
            cause: 'required',
            message: 'The container port is 0 or missing; it must be from 1 to 65535.',
          });
        } else checkNumber(number, 'container port', report);
        const host = port.field('hostPort');
        if (host.integer !== 0) checkNumber(host, 'host port', report);
      }
    }
  },
};

function checkNumber(view: NodeView, what: string, report: Report): void {
  const { integer } = view;
  if (integer === undefined || !isInt32(integer)) return;
  const problem = portNumberProblem(integer);
  if (problem !== undefined) report({ at: view, cause: 'invalid', message: `The ${what} ${integer} ${problem}.` });
}
