import { checkLabelValue, checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** Operators that the schema has, but no server before this minor. */
const COMPARISONS = ['Gt', 'Lt'];
const COMPARISONS_SINCE = '1.35';

/** Effects under which nothing is counted. Others that are not NoExecute are not supported at all, which the schema says. */
const OTHER_EFFECTS = ['', 'NoSchedule', 'PreferNoSchedule'];

export const tolerations: PodRule = {
  id: 'SCH03',
  title: 'A toleration contradicts itself',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateTolerations, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A toleration matches a taint by key and value (operator Equal, the default) or by key alone (Exists, which takes no value). Without a
key it matches every taint, which must be said with Exists. tolerationSeconds counts until a pod is driven out, so it needs NoExecute.`,
  subject: 'pod',
  check: ({ object, spec }, report) => {
    for (const toleration of spec.field('tolerations').items) {
      reportMalformed(toleration.field('key'), 'taint key', checkQualifiedName, report);
      if (toleration.isOpen) continue;
      checkOperator(toleration, object, report);
      checkSeconds(toleration, report);
    }
  },
};

function checkOperator(toleration: NodeView, object: ObjectView, report: Report): void {
  const [key, operator, value] = ['key', 'operator', 'value'].map((name) => toleration.field(name));
  if (!key || !operator || !value) return;
  const name = operator.isAbsent ? '' : operator.text;
  const isKeyless = key.isAbsent || key.text === '';
  const refuse = (at: NodeView, message: string): void =>
    report({ at, path: operator.path, cause: 'invalid', message });
  if (name === undefined) return;
  if (isKeyless && (name === '' || name === 'Equal')) {
    refuse(
      operator,
      'The toleration has no key, so it is for every taint, which must be said with the operator Exists.',
    );
  } else if (name === 'Exists' && value.text !== undefined && value.text !== '') {
    refuse(value, `The operator Exists looks at the key only, but the value ${quoteText(value.text)} is given.`);
  } else if (name === '' || name === 'Equal') {
    reportMalformed(value, 'value', checkLabelValue, (hit) => report({ ...hit, path: operator.path }));
  } else if (COMPARISONS.includes(name) && !object.isAtLeast(COMPARISONS_SINCE)) {
    const message = `${quoteText(name)} is no operator of tolerations in Kubernetes ${object.kubernetesVersion}. Supported: Equal or Exists.`;
    report({ at: operator, cause: 'unsupported', message });
  }
}

function checkSeconds(toleration: NodeView, report: Report): void {
  const [seconds, effect] = [toleration.field('tolerationSeconds'), toleration.field('effect')];
  const name = effect.isAbsent ? '' : effect.text;
  if (!seconds.isPresent || name === undefined || !OTHER_EFFECTS.includes(name)) return;
  const is = name === '' ? 'there is no effect' : `the effect is ${name}`;
  report({
    at: seconds,
    path: effect.path,
    cause: 'invalid',
    message: `tolerationSeconds is for the effect NoExecute only, but ${is}.`,
  });
}
