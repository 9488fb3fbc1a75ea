import { checkPortName } from '#core/kubernetes/names.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const portName: PodRule = {
  id: 'POD05',
  title: 'The name of a container port is malformed or repeated',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainerPorts, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Services and probes refer to ports by name, so a name must be unique in its container and short: at most 15 lower-case letters, digits
and "-", with a letter among them.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const first = new Map<string, (typeof view.items)[number]>();
      for (const port of view.field('ports').items) {
        const name = port.field('name');
        const { text } = name;
        if (text === undefined || text === '') continue;
        const problem = checkPortName(text);
        const earlier = first.get(text);
        if (problem !== undefined) {
          report({ at: name, cause: 'invalid', message: `The port name ${quoteText(text)} ${problem}.` });
        } else if (earlier) {
          report({
            at: name,
            cause: 'duplicate',
            message: `The port name ${quoteText(text)} stands twice in this container.`,
            related: [{ at: earlier, message: 'It stands here first' }],
          });
        } else first.set(text, name);
      }
    }
  },
};
