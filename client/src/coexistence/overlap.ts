/** As much of a diagnostic as deciding about overlap needs. Lines from 0. */
export interface DiagnosticPlace {
  readonly code: string | undefined;
  readonly source: string | undefined;
  readonly startLine: number;
}

/** Code of our findings that say only that a text is no YAML. */
const PLAIN_SYNTAX_CODE = 'YAML01';

/** Source of the parser errors of Red Hat YAML; what it reports by a schema has another one. */
const RED_HAT_SOURCE = 'YAML';

/** Whether one of our diagnostics repeats what Red Hat YAML says of the same line. */
export function isRepeated(own: DiagnosticPlace, others: readonly DiagnosticPlace[]): boolean {
  if (own.code !== PLAIN_SYNTAX_CODE) return false;
  return others.some((other) => other.source === RED_HAT_SOURCE && other.startLine === own.startLine);
}
