import type { CheckedFile } from '#core/lint/check.ts';
import type { LintEngine } from '#core/lint/engine.ts';
import type { LineIndex } from '#core/text/lines.ts';

/** One state of an open document with everything known of it. Features read it and never keep it. */
export interface DocumentView {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineIndex;
  readonly checked: CheckedFile;
  readonly engine: LintEngine;
}
