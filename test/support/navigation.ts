import {
  definitionsAt,
  referencesAt,
  renameAt,
  renameRangeAt,
  type NavigationRequest,
} from '#core/language/navigation/answers.ts';
import { checkFile } from '#core/lint/check.ts';
import { LineIndex } from '#core/text/lines.ts';
import { applyEdits } from '#core/text/range.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { makeEngine } from '#test/support/lint.ts';
import { splitAtMark } from '#test/support/view.ts';

/** Texts by their name; one of them has a mark `^` where the cursor is. */
export type MarkedFiles = Readonly<Record<string, string>>;

const ROOT = 'file:///workspace/';

interface Stage {
  readonly request: NavigationRequest;
  readonly texts: ReadonlyMap<string, string>;
}

async function stage(files: MarkedFiles): Promise<Stage> {
  const index = new WorkspaceIndex();
  const engine = await makeEngine();
  const texts = new Map(Object.entries(files).map(([name, text]) => [name, text.replace('^', '')]));
  for (const [name, text] of texts) index.update(ROOT + name, text);
  const [name, marked] = Object.entries(files).find(([, text]) => text.includes('^')) ?? ['', ''];
  const { text, offset } = splitAtMark(marked, '^');
  const uri = ROOT + name;
  const view = {
    uri,
    version: 1,
    text,
    lines: new LineIndex(text),
    checked: checkFile(text, engine, { path: name }, { uri, index }),
    engine,
  };
  return { request: { view, offset, index, uri, clientUri: (each) => each }, texts };
}

/** Places as `file:line word`, lines from 1. */
function describePlaces(places: ReturnType<typeof definitionsAt>, texts: Stage['texts']): readonly string[] {
  return places.map(({ uri, range }) => {
    const name = uri.slice(ROOT.length);
    const line = texts.get(name)?.split('\n')[range.start.line] ?? '';
    return `${name}:${range.start.line + 1} ${line.slice(range.start.character, range.end.character)}`;
  });
}

export async function definitionsIn(files: MarkedFiles): Promise<readonly string[]> {
  const { request, texts } = await stage(files);
  return describePlaces(definitionsAt(request), texts);
}

export async function referencesIn(files: MarkedFiles): Promise<readonly string[]> {
  const { request, texts } = await stage(files);
  return describePlaces(referencesAt(request, 'without'), texts);
}

/** The texts that a rename changes, or why it is refused. */
export async function renamed(
  files: MarkedFiles,
  newName: string,
): Promise<Readonly<Record<string, string>> | string | undefined> {
  const { request, texts } = await stage(files);
  const prepared = renameRangeAt(request);
  if (!prepared || 'refusal' in prepared) return prepared?.refusal;
  const result = renameAt(request, newName);
  if (!result || 'refusal' in result) return result?.refusal;
  return Object.fromEntries(
    Object.entries(result.changes ?? {}).map(([uri, edits]) => {
      const name = uri.slice(ROOT.length);
      const text = texts.get(name) ?? '';
      const lines = new LineIndex(text);
      const placed = edits.map(({ range, newText }) => ({
        range: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) },
        newText,
      }));
      return [name, applyEdits(text, placed)];
    }),
  );
}
