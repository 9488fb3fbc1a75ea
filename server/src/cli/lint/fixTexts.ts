import { fixFile } from '#core/lint/check.ts';
import type { FixMode } from '#server/cli/arguments.ts';
import type { RunSchemas } from '#server/cli/lint/runSettings.ts';
import { showDiff } from '#server/cli/lint/showDiff.ts';
import type { LintText } from '#server/cli/lint/texts.ts';
import { writeFixedText } from '#server/cli/lint/writeFixed.ts';
import type { Terminal } from '#server/cli/terminal.ts';

export interface FixedTexts {
  /** What is checked afterwards: the fixed texts, or the old ones when nothing was written. */
  readonly texts: readonly LintText[];
  /** Files that a preview would change. */
  readonly wouldChange: number;
  /** Whether stdout carries a text or a diff, so that the report for people must go elsewhere. */
  readonly stdoutIsTaken: boolean;
}

/** Fixes every text as the mode says: not at all, in its file (or to stdout when it came from stdin), or as a diff on stdout. */
export async function applyFixes(
  texts: readonly LintText[],
  schemas: RunSchemas,
  mode: FixMode,
  terminal: Terminal,
): Promise<FixedTexts> {
  if (mode === 'off') return { texts, wouldChange: 0, stdoutIsTaken: false };
  const result: LintText[] = [];
  let changed = 0;
  let applied = 0;
  for (const source of texts) {
    const fixed = fixText(source, schemas);
    if (fixed.text !== undefined) changed++;
    applied += fixed.applied;
    result.push(await deliver(source, fixed.text, mode, terminal));
  }
  const hasStdin = texts.some(({ input }) => input.origin === 'stdin');
  const isPreview = mode === 'preview';
  if (applied > 0) terminal.err(describeFixes(applied, changed, isPreview));
  return { texts: result, wouldChange: isPreview ? changed : 0, stdoutIsTaken: isPreview || hasStdin };
}

/** Goes to stderr, so that reports and texts on stdout stay as they are. */
function describeFixes(applied: number, files: number, isPreview: boolean): string {
  const fixes = applied === 1 ? '1 fix' : `${applied} fixes`;
  return `${fixes} ${isPreview ? 'to make' : 'made'} in ${files === 1 ? '1 file' : `${files} files`}.\n`;
}

/** The fixed text and how many fixes it took; no text when nothing changes. */
function fixText(
  { input, content }: LintText,
  schemas: RunSchemas,
): { readonly text?: string; readonly applied: number } {
  if (content.kind === 'problem') return { applied: 0 };
  const { text, applied } = fixFile(content.text, schemas.engineFor(input), schemas.placeOf(input));
  return text === content.text ? { applied: 0 } : { text, applied };
}

async function deliver(
  source: LintText,
  fixed: string | undefined,
  mode: Exclude<FixMode, 'off'>,
  terminal: Terminal,
): Promise<LintText> {
  const { input, content } = source;
  if (content.kind === 'problem') return source;
  if (mode === 'preview') {
    if (fixed !== undefined) terminal.out(showDiff(input.name, content.text, fixed));
    return source;
  }
  const text = fixed ?? content.text;
  if (input.origin === 'stdin') terminal.out(text);
  else if (fixed !== undefined) await writeFixedText(input.path, content.text, fixed);
  return { input, content: { kind: 'text', text } };
}
