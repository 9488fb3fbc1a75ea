import { unquoteScalar } from '#core/lint/fixes/edits.ts';
import type { Report, RuleHit } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** A number of pods, or a percentage of them. */
export interface Amount {
  readonly value: number;
  readonly isPercentage: boolean;
}

/** Reads an amount such as 1 or 25%; `malformed` when the server could not, undefined when nothing is known. */
export function readAmount(view: NodeView): Amount | 'malformed' | undefined {
  const { integer, isPresent } = view;
  if (integer !== undefined) return { value: integer, isPercentage: false };
  const text = isPresent ? view.text : undefined;
  if (text === undefined) return undefined;
  return /^\d+%$/.test(text) ? { value: Number(text.slice(0, -1)), isPercentage: true } : 'malformed';
}

/**
 * Reports an amount that is malformed, negative or, where `most` says so, more than all. Source: k8s.io/kubernetes
 * pkg/apis/apps/validation ValidatePositiveIntOrPercent and IsNotMoreThan100Percent; confirmed against kube-apiserver 1.34.4.
 */
export function reportAmount(view: NodeView, most: '100%' | 'any', report: Report): void {
  const amount = readAmount(view);
  if (amount === undefined) return;
  const name = String(view.step);
  if (amount === 'malformed') {
    const message = `${quoteText(view.text ?? '')} is no ${name}: it is a whole number such as 1, without quotes, or a percentage such as 25%.`;
    report({ at: view, cause: 'invalid', message, ...unquoting(view) });
  } else if (amount.value < 0) {
    report({ at: view, cause: 'invalid', message: `${name} is ${amount.value}; it must not be negative.` });
  } else if (amount.isPercentage && amount.value > 100 && most === '100%') {
    report({ at: view, cause: 'invalid', message: `${name} is ${amount.value}%; more than 100% is not possible.` });
  }
}

/** The fix for a number that only its quotes make a text. */
export function unquoting({ content, text }: NodeView): Pick<RuleHit, 'fixes'> {
  if (content?.kind !== 'scalar' || content.style === 'plain' || !/^[1-9]\d*$/.test(text ?? '')) return {};
  return { fixes: () => [unquoteScalar(content)] };
}
