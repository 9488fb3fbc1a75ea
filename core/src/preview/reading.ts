import type { NodeView } from '#core/lint/rules/view.ts';

/** A value of a manifest, or why it is not known. An empty text counts as absent, as operators that look at it take it. */
export type Reading =
  | { readonly state: 'given'; readonly text: string; readonly from: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: string };

/** The first of several places that has a value; unknown when an earlier place may have one that cannot be read. */
export function readFirst(...views: readonly NodeView[]): Reading {
  for (const view of views) {
    const reading = readOne(view);
    if (reading.state !== 'absent') return reading;
  }
  return { state: 'absent' };
}

function readOne(view: NodeView): Reading {
  const { content, path } = view;
  if (content === undefined) {
    return view.isAbsent ? { state: 'absent' } : { state: 'unknown', why: `${path} may come from a template` };
  }
  if (view.isUnknown) return { state: 'unknown', why: `${path} is filled in by a template` };
  if (content.kind !== 'scalar') return { state: 'unknown', why: `${path} is no single value` };
  return content.text === '' ? { state: 'absent' } : { state: 'given', text: content.text, from: path };
}

/** The text of a value, or another one where there is none or it is not known. */
export function textOr(reading: Reading, fallback: string): string {
  return reading.state === 'given' ? reading.text : fallback;
}

/** A name for people: what stands there, or a mark in angle brackets where it is not known. */
export function nameOf(view: NodeView): string {
  return textOr(readFirst(view), '<name>');
}

/** Whether a field is certainly switched on. */
export function isTrue(view: NodeView): boolean {
  return textOr(readFirst(view), '') === 'true';
}
