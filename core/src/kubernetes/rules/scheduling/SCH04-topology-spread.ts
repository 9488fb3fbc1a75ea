import { repetitions, reportMissing, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { checkLabelKeys } from '#core/kubernetes/rules/scheduling/labelKeys.ts';
import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** Fields with a few values; no default takes the place of an empty one. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  whenUnsatisfiable: ['DoNotSchedule', 'ScheduleAnyway'],
  nodeAffinityPolicy: ['Honor', 'Ignore'],
  nodeTaintsPolicy: ['Honor', 'Ignore'],
};

/** First minor whose server takes a key of matchLabelKeys that the selector has too. */
const KEYS_MERGED_SINCE = '1.34';

export const topologySpread: PodRule = {
  id: 'SCH04',
  title: 'A topology spread constraint is malformed or repeated',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateTopologySpreadConstraints, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A constraint spreads pods over the values of a label of the nodes. maxSkew, how uneven it may get, is at least 1; each topology key
stands once for each answer to what happens when it cannot be met; and minDomains counts only where pods then wait (DoNotSchedule).`,
  subject: 'pod',
  check: ({ object, spec }, report) => {
    const constraints = spec.field('topologySpreadConstraints').items;
    for (const constraint of constraints) {
      reportMissing(constraint.field('maxSkew'), 'field maxSkew', report, 'invalid');
      reportNotPositive(constraint.field('maxSkew'), report);
      reportMissing(constraint.field('topologyKey'), 'topology key', report);
      reportMissing(constraint.field('whenUnsatisfiable'), 'field whenUnsatisfiable', report, 'unsupported');
      for (const [name, values] of Object.entries(ANSWERS)) {
        const answer = constraint.field(name);
        if (answer.text !== '' || name !== 'whenUnsatisfiable') reportUnsupported(answer, name, values, report);
      }
      checkMinDomains(constraint, report);
      checkLabelKeys(constraint.field('matchLabelKeys'), report);
      checkLabelSelector(constraint.field('labelSelector'), report);
      if (!object.isAtLeast(KEYS_MERGED_SINCE)) reportSelectedKeys(constraint, report);
    }
    for (const [constraint, earlier] of repetitions(constraints, pairOf)) reportPair(constraint, earlier, report);
  },
};

function reportNotPositive(field: NodeView, report: Report): boolean {
  if (field.integer === undefined || field.integer > 0) return false;
  const message = `${String(field.step)} is ${field.integer}; it must be at least 1.`;
  report({ at: field, cause: 'invalid', message });
  return true;
}

function checkMinDomains(constraint: NodeView, report: Report): void {
  const domains = constraint.field('minDomains');
  const action = constraint.field('whenUnsatisfiable').text;
  if (reportNotPositive(domains, report)) return;
  if (!domains.isPresent || constraint.isOpen || action !== 'ScheduleAnyway') return;
  const message =
    'minDomains is for constraints under which pods wait (DoNotSchedule) only, but whenUnsatisfiable is ScheduleAnyway.';
  report({ at: domains, cause: 'invalid', message });
}

function pairOf(constraint: NodeView): string | undefined {
  const [key, action] = [constraint.field('topologyKey').text, constraint.field('whenUnsatisfiable').text];
  return key === undefined || action === undefined ? undefined : `${key} ${action}`;
}

/** The server names the earlier of the two. */
function reportPair(constraint: NodeView, earlier: NodeView, report: Report): void {
  const key = constraint.field('topologyKey');
  report({
    at: key,
    path: `${earlier.path}.{topologyKey, whenUnsatisfiable}`,
    cause: 'duplicate',
    message: `There are two constraints for ${quoteText(key.text ?? '')} with the same whenUnsatisfiable.`,
    related: [{ at: earlier.field('topologyKey'), message: 'The other constraint' }],
  });
}

function reportSelectedKeys(constraint: NodeView, report: Report): void {
  if (constraint.isOpen) return;
  const selector = constraint.field('labelSelector');
  const selected = [
    ...selector.field('matchLabels').fields.map(({ step }) => step),
    ...selector.field('matchExpressions').items.map((requirement) => requirement.field('key').text),
  ];
  for (const key of constraint.field('matchLabelKeys').items) {
    if (key.text === undefined || !selected.includes(key.text)) continue;
    const message = `The label key ${quoteText(key.text)} stands in matchLabelKeys and in the labelSelector.`;
    report({ at: key, cause: 'invalid', message });
  }
}
