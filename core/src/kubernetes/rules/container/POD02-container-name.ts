import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import type { ContainerList, ContainerView } from '#core/lint/rules/pods.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** The server takes the later of these for the one that repeats a name. */
const ORDER: readonly ContainerList[] = ['containers', 'initContainers', 'ephemeralContainers'];

export const containerName: PodRule = {
  id: 'POD02',
  title: 'The name of a container is malformed or repeated',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainers and validateInitContainers, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Logs, metrics, \`kubectl exec\` and patches find a container by its name, so it must be a DNS label of at most 63 characters and unique in
the pod. Init containers and regular containers share one set of names.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    const taken = new Map<string, NodeView>();
    for (const { view } of inServerOrder(containers)) {
      const name = view.field('name');
      if (isEmptyText(name)) report({ at: name, cause: 'required', message: 'The name of this container is empty.' });
      const { text } = name;
      if (text === undefined || text === '') continue;
      const problem = checkDnsLabel(text);
      const earlier = taken.get(text);
      if (problem !== undefined) {
        report({ at: name, cause: 'invalid', message: `The container name ${quoteText(text)} ${problem}.` });
      } else if (earlier) {
        report({
          at: name,
          cause: 'duplicate',
          message: `The container name ${quoteText(text)} stands twice in this pod.`,
          related: [{ at: earlier, message: 'It stands here first' }],
        });
      } else taken.set(text, name);
    }
  },
};

function inServerOrder(containers: readonly ContainerView[]): readonly ContainerView[] {
  return containers.toSorted((a, b) => ORDER.indexOf(a.list) - ORDER.indexOf(b.list));
}
