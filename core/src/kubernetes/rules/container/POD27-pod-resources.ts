import { aggregateRequests } from '#core/kubernetes/rules/container/podRequests.ts';
import { isHugePages, resourceEntries, type ResourceEntry } from '#core/kubernetes/rules/container/resourceLists.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** Resources whose amounts of the pod and of its containers the server compares. */
const COMPARED = ['cpu', 'memory'];

export const podResources: PodRule = {
  id: 'POD27',
  title: 'The resources of the pod do not fit those of its containers',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodResources, 1.34',
  since: '1.34',
  fixable: false,
  refusedBy: 'server',
  why: `\`spec.resources\` holds for all containers together: CPU, memory and huge pages. No container may have a higher limit, and together they may
not request more. What is not requested is filled in from limits when the pod is made.`,
  subject: 'pod',
  check: (pod, report) => {
    const resources = pod.spec.field('resources');
    if (resources.content?.kind !== 'map') return;
    const claims = resources.field('claims');
    if (claims.items.length > 0) {
      report({
        at: claims,
        cause: 'forbidden',
        message: 'A pod cannot have claims in its resources; its containers can.',
      });
    }
    const entries = ['limits', 'requests'].flatMap((list) => resourceEntries(resources.field(list)));
    for (const entry of entries) checkEntry(entry, report);
    checkHugePages(pod, entries, report);
    for (const name of COMPARED) checkAmounts(pod, name, report);
  },
};

function checkEntry({ name, view, path, amount, written }: ResourceEntry, report: Report): void {
  if (!COMPARED.includes(name) && !isHugePages(name)) {
    const message = `The resource ${quoteText(name)} cannot be set for a whole pod; cpu, memory and hugepages-<size> can.`;
    report({ at: view, path, cause: 'unsupported', message });
  } else if (amount !== undefined && amount < 0) {
    report({ at: view, path, cause: 'invalid', message: `The amount ${quoteText(written)} of ${name} is negative.` });
  }
}

function checkHugePages({ spec }: PodView, entries: readonly ResourceEntry[], report: Report): void {
  const pages = entries.find(({ name }) => isHugePages(name));
  const { isOpen, path } = spec.field('resources');
  if (!pages || isOpen || entries.some(({ name }) => COMPARED.includes(name))) return;
  const message = `${pages.name} is asked for without cpu or memory; one of them is needed as well.`;
  report({ at: pages.view, path, cause: 'forbidden', message });
}

function checkAmounts(pod: PodView, name: string, report: Report): void {
  const resources = pod.spec.field('resources');
  const [limit] = resourceEntries(resources.field('limits')).filter((entry) => entry.name === name);
  const [request] = resourceEntries(resources.field('requests')).filter((entry) => entry.name === name);
  const isTold = limit !== undefined && checkContainerLimits(pod, limit, report);
  if (request) {
    checkOwnRequest(request, limit, resources.field('requests').path, report);
    checkSum(pod, request, request.path, report);
  } else if (limit && !isTold && resources.at('requests', name).isAbsent) {
    checkSum(pod, limit, resources.field('requests').path, report);
  }
}

/** Whether a container has a higher limit than the pod. */
function checkContainerLimits({ spec, containers }: PodView, limit: ResourceEntry, report: Report): boolean {
  const { name, amount = Infinity, written } = limit;
  const tooHigh = containers
    .filter(({ list }) => list === 'containers')
    .flatMap(({ view }, index) => {
      const own = view.at('resources', 'limits', name);
      return own.quantity !== undefined && own.quantity > amount ? [{ own, index }] : [];
    });
  for (const { own, index } of tooHigh) {
    report({
      at: own,
      path: `${spec.field('resources').path}.containers[${index}][${name}].limits`,
      cause: 'invalid',
      message: `The ${name} limit of this container is above that of the whole pod, ${written}.`,
      related: [{ at: limit.view, message: 'The limit of the pod' }],
    });
  }
  return tooHigh.length > 0;
}

function checkOwnRequest(request: ResourceEntry, limit: ResourceEntry | undefined, path: string, report: Report): void {
  if (request.amount === undefined || limit?.amount === undefined || request.amount <= limit.amount) return;
  const message = `The pod requests ${request.written} ${request.name}, which is above its limit of ${limit.written}.`;
  report({ at: request.view, path, cause: 'invalid', message, related: [{ at: limit.view, message: 'The limit' }] });
}

/** The containers request more together than the pod allows, now or once the server has filled in their requests. */
function checkSum(pod: PodView, allowed: ResourceEntry, path: string, report: Report): void {
  const { amount, name, written, view } = allowed;
  if (amount === undefined || pod.spec.field('containers').isOpen || pod.spec.field('initContainers').isOpen) return;
  const exceeds = (missing: 'limit' | 'nothing') => (aggregateRequests(pod, name, missing) ?? 0) > amount + 1e-9;
  if (!exceeds('limit')) return;
  const isLater = pod.isTemplate && (path !== allowed.path || !exceeds('nothing'));
  const message = `The containers request more ${name} together than the ${written} of the whole pod.`;
  report({ at: view, path, cause: 'invalid', message, ...(isLater ? { refused: 'later' } : {}) });
}
