import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Cause } from '#core/lint/finding.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

export interface Choice {
  /** What the field is, for the message: `operator`. */
  readonly what: string;
  readonly allowed: readonly string[];
  /** How the server classes it; not every field of this sort is `unsupported`. */
  readonly cause: Cause;
  /** What the server prints, where that is not the path of the value. */
  readonly path?: string;
  /** Whether an empty text is refused too; otherwise the server puts the default in its place. */
  readonly empty?: 'refused';
  /** What people write for one of the values, such as a short form. */
  readonly meant?: Readonly<Record<string, string>>;
}

/** Reports a text that is none of the values a field may have, and offers the one that is near. */
export function reportUnsupported(view: NodeView, choice: Choice, report: Report): void {
  const { text, content, isPresent } = view;
  const { what, allowed, cause, path, empty, meant } = choice;
  if (!isPresent || text === undefined || allowed.includes(text) || (text === '' && empty !== 'refused')) return;
  const near = meant?.[text] ?? nearestName(text, allowed);
  report({
    at: view,
    cause,
    message: `${quoteText(text)} is no ${what}${near === undefined ? '.' : `; did you mean ${near}?`} Supported: ${listNames(allowed)}.`,
    ...(path === undefined ? {} : { path }),
    ...(near !== undefined && content?.kind === 'scalar'
      ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
      : {}),
  });
}
