import type { FileCheck } from '#client/actions/checks/checkFile.ts';
import { counted, plainText } from '#core/live/plainText.ts';

/** What the server would do, in one sentence, and what it was not asked. */
export function describeCheck({ refusals, asked, problems, missing }: FileCheck, context: string): string {
  const unasked = missing.length === 0 ? [] : [`There are no rights to ask about ${counted(missing.length, 'other')}.`];
  const rest = [...problems, ...unasked].map((sentence) => ` ${sentence}`).join('');
  if (asked === 0) return `There is no object in this file to ask about.${rest}`;
  const objects = counted(asked, 'object');
  if (refusals.length === 0)
    return `${plainText(context)} takes ${asked === 1 ? 'the object' : `all ${objects}`} of this file.${rest}`;
  return `${plainText(context)} was asked about ${objects} and has ${counted(refusals.length, 'objection')}.${rest}`;
}
