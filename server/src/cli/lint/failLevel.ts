import type { Severity } from '#core/lint/finding.ts';
import type { FailLevel } from '#server/cli/arguments.ts';

const RANKS: Readonly<Record<FailLevel, number>> = { hint: 1, warning: 2, error: 3, never: 4 };

/** Whether a finding of this severity makes the run fail. */
export function failsAt(failOn: FailLevel, severity: Severity): boolean {
  return RANKS[severity] >= RANKS[failOn];
}
