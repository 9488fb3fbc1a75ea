import type { TextEdit, TextRange } from '#core/text/range.ts';

export type EntryRole = 'key' | 'value' | 'kind' | 'reference' | 'item';

/** One thing that may stand at the cursor. */
export interface CompletionEntry {
  readonly label: string;
  readonly role: EntryRole;
  /** Snippet syntax when `isSnippet`, otherwise the text as it is. */
  readonly text: string;
  readonly isSnippet: boolean;
  /** Lower comes first; entries of one rank are sorted by label. */
  readonly rank: number;
  /** A word on the right: type, default, where a name comes from. */
  readonly detail?: string;
  readonly documentation?: string;
  /** What the editor matches the typed word against, when it is not the label. */
  readonly filter?: string;
  /** Changes elsewhere in the file that belong to it. */
  readonly alsoEdits?: readonly TextEdit[];
  readonly deprecated?: boolean;
}

/** What is offered at a cursor. */
export interface CompletionOffer {
  /** Part of the file that a chosen entry replaces. */
  readonly replace: TextRange;
  readonly entries: readonly CompletionEntry[];
}
