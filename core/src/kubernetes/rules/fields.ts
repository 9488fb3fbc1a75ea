import type { NameCheck } from '#core/kubernetes/names.ts';
import type { Cause } from '#core/lint/finding.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

/**
 * Reports a text that is not written as it must be. An empty text is left to those who demand one, unless `empty` says that it is
 * checked like any other.
 */
export function reportMalformed(
  view: NodeView,
  what: string,
  check: NameCheck,
  report: Report,
  empty: 'skipped' | 'checked' = 'skipped',
): void {
  const { text } = view;
  if (text === undefined || !view.isPresent || (text === '' && empty === 'skipped')) return;
  const problem = check(text);
  if (problem === undefined) return;
  const message = text === '' ? `The ${what} is empty.` : `The ${what} ${quoteText(text)} ${problem}.`;
  report({ at: view, cause: 'invalid', message });
}

/** Reports a text that is none of the supported ones, and offers the one that is probably meant. */
export function reportUnsupported(
  view: NodeView,
  what: string,
  supported: readonly string[],
  report: Report,
  cause: Cause = 'unsupported',
): void {
  const { text, content } = view;
  if (text === undefined || !view.isPresent || supported.includes(text)) return;
  const near = nearestName(text, supported);
  const meant = near === undefined ? '.' : `; did you mean ${near}?`;
  report({
    at: view,
    cause,
    message: `${quoteText(text)} is no ${what}${meant} Supported: ${listNames(supported.filter((value) => value !== ''))}.`,
    ...(near !== undefined && content?.kind === 'scalar'
      ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
      : {}),
  });
}

/** Reports a required text that is written, but empty. That it is not written at all is for the schema to say. */
export function reportEmpty(view: NodeView, what: string, report: Report): void {
  if (view.text === '') report({ at: view, cause: 'required', message: `The ${what} is empty.` });
}

/**
 * Reports a required field that is certainly not there, or an empty text, in place of the schema, which knows neither the cause nor the
 * path as the server gives them.
 */
export function reportMissing(view: NodeView, what: string, report: Report, cause: Cause = 'required'): void {
  if (view.text === '') report({ at: view, cause, message: `The ${what} is empty.` });
  else if (view.parent && isMissing(view)) {
    const range = view.parent.range;
    report({ at: view, cause, range, message: `The ${what} is missing.`, offersToAdd: view.parent.isPresent });
  }
}

/**
 * Whether a required text of an object that is there is certainly not there: absent or empty. Beside a key that the schema does not
 * know it is not certain, because that key is reported and is probably this one. An empty item of a list counts as an object.
 */
export function isMissing(view: NodeView): boolean {
  const { parent } = view;
  if (view.text === '' || !parent) return view.text === '';
  return view.isAbsent && (parent.isPresent || typeof parent.step === 'number') && !hasUnknownKey(parent);
}

/** Whether an object of a built-in type has a key that the type does not know, which is reported by itself. */
export function hasUnknownKey(view: NodeView): boolean {
  return view.fields.some(({ schema }) => schema === undefined);
}

/**
 * Every item of lists that is the same as one before it, with the nearest of those. Items without a key are left out, and so are those
 * of lists with template actions, of which perhaps only one is there in the end.
 */
export function repetitions(
  items: readonly NodeView[],
  keyOf: (item: NodeView) => string | undefined,
): readonly (readonly [item: NodeView, earlier: NodeView])[] {
  const last = new Map<string, NodeView>();
  return items.flatMap((item): (readonly [NodeView, NodeView])[] => {
    const key = keyOf(item);
    if (key === undefined || key === '' || item.parent?.isOpen) return [];
    const earlier = last.get(key);
    last.set(key, item);
    return earlier ? [[item, earlier]] : [];
  });
}
