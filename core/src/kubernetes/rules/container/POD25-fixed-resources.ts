import { canBeOvercommitted, isHugePages, resourceEntries } from '#core/kubernetes/rules/container/resourceLists.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const fixedResources: PodRule = {
  id: 'POD25',
  title: 'Devices or huge pages are requested in a way they cannot be had',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateContainerResourceRequirements, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Devices and huge pages cannot be shared, so the request is the limit: write the limit only, or the same twice. Huge pages also need CPU or
memory beside them.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const resources = view.field('resources');
      checkRequests(resources, report);
      checkHugePages(resources, report);
    }
  },
};

function checkRequests(resources: NodeView, report: Report): void {
  const [limits, requests] = [resources.field('limits'), resources.field('requests')];
  const known = new Map(resourceEntries(limits).map((entry) => [entry.name, entry]));
  for (const { name, amount, written, view } of resourceEntries(requests)) {
    if (canBeOvercommitted(name)) continue;
    const limit = known.get(name);
    if (!limit) {
      if (!limits.field(name).isAbsent) continue;
      const message = `${name} is requested without a limit; it needs one of the same amount.`;
      report({ at: view, path: limits.path, cause: 'required', message });
    } else if (amount !== undefined && limit.amount !== undefined && amount !== limit.amount) {
      const message = `The request of ${written} ${name} is not the limit of ${limit.written}; both must be the same.`;
      const related = [{ at: limit.view, message: 'The limit' }];
      report({ at: view, path: requests.path, cause: 'invalid', message, related });
    }
  }
}

function checkHugePages(resources: NodeView, report: Report): void {
  const lists = [resources.field('limits'), resources.field('requests')];
  const pages = lists.flatMap(resourceEntries).find(({ name }) => isHugePages(name));
  if (!pages) return;
  if (lists.some((list) => ['cpu', 'memory'].some((name) => !list.field(name).isAbsent))) return;
  const message = `${pages.name} is asked for without cpu or memory; one of them is needed as well.`;
  report({ at: pages.view, path: resources.path, cause: 'forbidden', message });
}
