import { checkDnsLabel, checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import { checkLabelKeys } from '#core/kubernetes/rules/scheduling/labelKeys.ts';
import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import { affinityTerms } from '#core/kubernetes/rules/scheduling/terms.ts';
import { reportWeight } from '#core/kubernetes/rules/scheduling/weight.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const podAffinity: PodRule = {
  id: 'SCH02',
  title: 'A pod affinity or anti-affinity is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodAffinityTerm, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A term says which pods (labelSelector, namespaces) count as near, and what near means (topologyKey, a label of nodes). It is what
keeps the members of a cluster on different nodes, so a term that the server refuses, or that matches nothing, is worth a second look.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const { term, preferred } of affinityTerms(pod)) {
      if (preferred) reportWeight(preferred, report);
      checkTerm(term, report);
    }
  },
};

function checkTerm(term: NodeView, report: Report): void {
  reportMissing(term.field('topologyKey'), 'topology key', report);
  reportMalformed(term.field('topologyKey'), 'topology key', checkQualifiedName, report);
  checkLabelSelector(term.field('labelSelector'), report);
  checkLabelSelector(term.field('namespaceSelector'), report);
  // The server prints one path for all of them, in the singular.
  const printed: Report = (hit) => report({ ...hit, path: `${term.path}.namespace` });
  for (const namespace of term.field('namespaces').items) {
    reportMalformed(namespace, 'namespace', checkDnsLabel, printed, 'checked');
  }
  const [match, mismatch] = [term.field('matchLabelKeys'), term.field('mismatchLabelKeys')];
  checkLabelKeys(match, report);
  checkLabelKeys(mismatch, report);
  for (const key of term.isOpen ? [] : match.items) {
    const other = mismatch.items.find(({ text }) => text !== undefined && text === key.text);
    if (!other || key.text === undefined) continue;
    const message = `The label key ${quoteText(key.text)} stands in matchLabelKeys and in mismatchLabelKeys, so no pod could match.`;
    report({ at: key, cause: 'invalid', message, related: [{ at: other, message: 'The other one' }] });
  }
}
