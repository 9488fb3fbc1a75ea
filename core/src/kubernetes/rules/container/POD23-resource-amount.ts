import {
  isExtended,
  isHugePages,
  isWhole,
  pageSize,
  resourceEntries,
  type ResourceEntry,
} from '#core/kubernetes/rules/container/resourceLists.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const resourceAmount: PodRule = {
  id: 'POD23',
  title: 'An amount of a resource is negative or broken into pieces that cannot be had',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateResourceQuantityValue and validateBasicResource, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `No amount is below zero. Resources with a prefix, such as GPUs, are handed out whole; huge pages come in multiples of their size.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      for (const list of ['limits', 'requests']) {
        for (const entry of resourceEntries(view.at('resources', list))) checkAmount(entry, report);
      }
    }
  },
};

function checkAmount({ name, amount, written, view, path }: ResourceEntry, report: Report): void {
  const problem = amount === undefined ? undefined : explainAmount(name, amount);
  if (problem === undefined) return;
  const message = `The amount ${quoteText(written)} of ${quoteText(name)} ${problem}.`;
  report({ at: view, path, cause: 'invalid', message });
}

function explainAmount(name: string, amount: number): string | undefined {
  if (amount < 0) return 'is negative';
  if (isExtended(name) && !isWhole(amount)) return 'must be a whole number';
  if (!isHugePages(name) || amount === 0) return undefined;
  const size = pageSize(name);
  if (size === undefined || size <= 0) return 'cannot be right, because the name ends with no page size';
  return amount % size === 0 ? undefined : 'must be a multiple of the page size';
}
