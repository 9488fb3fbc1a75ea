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
    message: `${quoteText(text)} is no ${what}${meant} Supported: ${listNames(supported)}.`,
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
 * Whether a required text is certainly not there: absent or empty. Beside a key that the schema does not know it is not certain,
 * because that key is reported and is probably this one.
 */
export function isMissing(view: NodeView): boolean {
  if (view.text === '') return true;
  return view.isAbsent && !(view.parent && hasUnknownKey(view.parent));
}

/** Whether an object of a built-in type has a key that the type does not know, which is reported by itself. */
export function hasUnknownKey(view: NodeView): boolean {
  return view.fields.some(({ schema }) => schema === undefined);
}

/** Every second item of a list that is the same as one before it, with the one it repeats. Items without a key are left out. */
export function repetitions(
  items: readonly NodeView[],
  keyOf: (item: NodeView) => string | undefined,
): readonly (readonly [item: NodeView, earlier: NodeView])[] {
  const first = new Map<string, NodeView>();
  return items.flatMap((item): (readonly [NodeView, NodeView])[] => {
    const key = keyOf(item);
    if (key === undefined || key === '') return [];
    const earlier = first.get(key);
    if (!earlier) first.set(key, item);
    return earlier ? [[item, earlier]] : [];
  });
}
