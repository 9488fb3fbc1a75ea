import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { checkRequirement, NODE_REQUIREMENT, type RequirementSyntax } from '#core/kubernetes/rules/requirements.ts';
import { reportWeight } from '#core/kubernetes/rules/scheduling/weight.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Preferred terms may have values that no label has: the server only warns. */
const PREFERRED_REQUIREMENT: RequirementSyntax = { ...NODE_REQUIREMENT, checkValue: () => undefined };

/** The only field of a node that can be matched is its name. */
const FIELD_REQUIREMENT: RequirementSyntax = {
  operators: { In: 'one', NotIn: 'one' },
  checkKey: (key) =>
    key === 'metadata.name' ? undefined : 'is no field of a node that can be matched; metadata.name is',
  checkValue: checkDnsSubdomain,
};

export const nodeAffinity: PodRule = {
  id: 'SCH01',
  title: 'A node affinity is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateNodeAffinity, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A required node affinity has at least one term, or no node would fit. In its requirements In and NotIn need values, Exists and
DoesNotExist take none, Gt and Lt take one number. What is only preferred has a weight from 1 to 100.`,
  subject: 'pod',
  check: ({ spec }, report) => {
    const affinity = spec.at('affinity', 'nodeAffinity');
    checkRequired(affinity.field('requiredDuringSchedulingIgnoredDuringExecution'), report);
    for (const preferred of affinity.field('preferredDuringSchedulingIgnoredDuringExecution').items) {
      reportWeight(preferred, report);
      checkTerm(preferred.field('preference'), PREFERRED_REQUIREMENT, report);
    }
  },
};

function checkRequired(required: NodeView, report: Report): void {
  const terms = required.field('nodeSelectorTerms');
  if (terms.isPresent && terms.count === 0) {
    const message = 'The required node affinity has no term, so no node would ever fit.';
    report({ at: terms, cause: 'required', message });
  }
  for (const term of terms.items) checkTerm(term, NODE_REQUIREMENT, report);
}

function checkTerm(term: NodeView, syntax: RequirementSyntax, report: Report): void {
  for (const requirement of term.field('matchExpressions').items) checkRequirement(requirement, syntax, report);
  for (const requirement of term.field('matchFields').items) checkRequirement(requirement, FIELD_REQUIREMENT, report);
}
