import type { DocumentView } from '#core/language/view.ts';
import { checkFile } from '#core/lint/check.ts';
import { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import type { KindSource } from '#core/schema/catalog.ts';
import { LineIndex } from '#core/text/lines.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

/** A text as an open document, checked with the real schemas. */
export async function makeView(text: string, ...before: readonly KindSource[]): Promise<DocumentView> {
  const engine = new LintEngine({ catalog: await bundledCatalog(...before), settings: defaultLintSettings });
  return {
    uri: 'file:///workspace/file.yaml',
    version: 1,
    text,
    lines: new LineIndex(text),
    checked: checkFile(text, engine),
    engine,
  };
}

/** Takes the mark out of a text and tells where it stood. */
export function splitAtMark(marked: string, mark = '|'): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf(mark);
  if (offset < 0) throw new Error('the text has no mark');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
