import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { LinePosition } from '#core/text/lines.ts';
import type { TextEdit, TextRange } from '#core/text/range.ts';

/** error: the server or operator refuses, or pods never start; warning: data loss or downtime; hint: practice. */
export type Severity = 'error' | 'warning' | 'hint';

export interface ResourceIdentity extends GroupVersionKind {
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name: string;
}

/** How the API server classes what it refuses (apimachinery field.ErrorType). */
export type Cause =
  | 'required'
  | 'invalid'
  | 'duplicate'
  | 'notFound'
  | 'forbidden'
  | 'unsupported'
  | 'tooLong'
  | 'tooMany'
  | 'typeInvalid';

/** One way to cure a finding. Edits are relative to the document. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one fix that is right without further thought; at most one per finding. Only preferred fixes take part in "fix all". */
  readonly preferred: boolean;
}

export interface RelatedPlace {
  readonly range: TextRange;
  readonly message: string;
  /** URI or path when the place is in another file; otherwise it is in this document. */
  readonly file?: string;
  /** The range in lines, when the place is in another file, whose text is not at hand. */
  readonly lines?: LineRange;
}

export interface LineRange {
  readonly start: LinePosition;
  readonly end: LinePosition;
}

/** One thing that is wrong at one place. Ranges are relative to the document it was found in. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  /** What stands there, what was expected, what the server does with it. Plain text. */
  readonly message: string;
  /** As the server prints it: `spec.template.spec.containers[0].ports[1].name`; empty for the document itself. */
  readonly path: string;
  /** Path of the value it is about, where the server prints another one. */
  readonly place?: string;
  readonly range: TextRange;
  readonly related?: readonly RelatedPlace[];
  /** Computed on demand: most findings are only shown. */
  readonly fixes?: () => readonly Fix[];
  /** Of what the API server refuses: whether it refuses the object, or takes it and refuses what is made from it. */
  readonly refused?: 'atOnce' | 'later';
  /** How the server classes it; absent for what it refuses before validation, and for what it does not refuse. */
  readonly cause?: Cause;
  /** First and last Kubernetes minor the finding holds for, where it depends on the version. */
  readonly since?: string;
  readonly until?: string;
  /** The text that stands there is not needed (shown faded) or outdated (shown struck through). */
  readonly tag?: 'unnecessary' | 'deprecated';
}
