import type { CodeLens } from 'vscode-languageserver-types';
import type { DocumentView } from '#core/language/view.ts';

/** The client command that makes every preferred fix in the active editor. */
const FIX_ALL_COMMAND = 'dataClusters.fixAll';

/** A lens only where it acts: above the first object of a file with findings that can be cured without a question. */
export function codeLensesOf({ checked, lines }: DocumentView): readonly CodeLens[] {
  const fixable = checked.findings.filter((finding) => finding.fixes?.().some((fix) => fix.preferred));
  const [first] = fixable;
  if (!first) return [];
  const line = lines.lineOf(first.offset);
  const count = fixable.length === 1 ? '1 finding' : `${fixable.length} findings`;
  return [
    {
      range: { start: { line, character: 0 }, end: { line, character: 0 } },
      command: { title: `Fix ${count} in this file`, command: FIX_ALL_COMMAND },
    },
  ];
}
