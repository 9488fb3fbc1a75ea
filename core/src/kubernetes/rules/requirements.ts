import { checkLabelValue, checkQualifiedName, type NameCheck } from '#core/kubernetes/names.ts';
import { reportMalformed, reportMissing, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { reportLabels } from '#core/kubernetes/rules/labels.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

type ValueCount = 'some' | 'none' | 'one';

/** What the server takes as a requirement: `key`, `operator`, `values`. */
export interface RequirementSyntax {
  /** Operators, and how many values each has. */
  readonly operators: Readonly<Record<string, ValueCount>>;
  readonly checkKey: NameCheck;
  readonly checkValue: NameCheck;
}

const LABEL_OPERATORS = { In: 'some', NotIn: 'some', Exists: 'none', DoesNotExist: 'none' } as const;

/** Source: k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabelSelectorRequirement, 1.34. */
const LABEL_REQUIREMENT: RequirementSyntax = {
  operators: LABEL_OPERATORS,
  checkKey: checkQualifiedName,
  checkValue: checkLabelValue,
};

/** Source: k8s.io/kubernetes pkg/apis/core/validation ValidateNodeSelectorRequirement, 1.34. */
export const NODE_REQUIREMENT: RequirementSyntax = {
  ...LABEL_REQUIREMENT,
  operators: { ...LABEL_OPERATORS, Gt: 'one', Lt: 'one' },
};

/** Reports what is wrong in a label selector, `matchLabels` and `matchExpressions`. */
export function checkLabelSelector(selector: NodeView, report: Report): void {
  reportLabels(selector.field('matchLabels'), report);
  for (const requirement of selector.field('matchExpressions').items) {
    checkRequirement(requirement, LABEL_REQUIREMENT, report);
  }
}

export function checkRequirement(requirement: NodeView, syntax: RequirementSyntax, report: Report): void {
  const [key, operator] = [requirement.field('key'), requirement.field('operator')];
  const operators = new Map(Object.entries(syntax.operators));
  const count = operators.get(operator.text ?? '');
  reportMissing(key, 'key', report, 'invalid');
  reportMalformed(key, 'key', syntax.checkKey, report);
  reportMissing(operator, 'operator', report, 'invalid');
  if (count) checkCount(requirement, count, report);
  else if (operator.text !== '') reportUnsupported(operator, 'operator', [...operators.keys()], report, 'invalid');
  for (const value of requirement.field('values').items) {
    reportMalformed(value, 'value', syntax.checkValue, report);
  }
}

/** How a wrong number of values is told: what is wanted, and the cause the server gives. */
const COUNTS = {
  some: { fits: (count: number) => count > 0, wants: 'needs at least one value', cause: 'required' },
  one: { fits: (count: number) => count === 1, wants: 'needs exactly one value', cause: 'required' },
  none: { fits: (count: number) => count === 0, wants: 'takes no values', cause: 'forbidden' },
} as const;

function checkCount(requirement: NodeView, wanted: ValueCount, report: Report): void {
  const values = requirement.field('values');
  const { count } = values;
  const { fits, wants, cause } = COUNTS[wanted];
  if (count === undefined || requirement.isOpen || fits(count)) return;
  const there = count === 0 ? 'there is none' : count === 1 ? 'there is one' : `there are ${count}`;
  const operator = requirement.field('operator');
  const range = values.isPresent ? values.range : operator.range;
  report({ at: values, cause, range, message: `The operator ${operator.text ?? ''} ${wants}; ${there}.` });
}
