import { checkFile } from '#core/lint/check.ts';
import type { LintEngine, PlacedFinding } from '#core/lint/engine.ts';
import type { Case } from '#test/agreement/cases/case.ts';
import { manifestOf } from '#test/agreement/manifest.ts';
import type { Verdict } from '#test/agreement/verdict.ts';

/** Our opinion of a case beside the server's. */
export interface Comparison {
  readonly case: Case;
  readonly server: Verdict;
  /** Findings that say the server refuses the object. */
  readonly findings: readonly PlacedFinding[];
  readonly agrees: boolean;
  /** Whether one of our findings stands at a field the server names; true when it names none. */
  readonly hasServersPath: boolean;
}

/** @param engine for the version of the server */
export function compare(subject: Case, server: Verdict, engine: LintEngine): Comparison {
  return compareText(subject, manifestOf(subject), server, engine);
}

function compareText(subject: Case, text: string, server: Verdict, engine: LintEngine): Comparison {
  const findings = checkFile(text, engine).findings.filter(isRefusal);
  const fields = server.causes.map(({ field }) => field).filter((field) => field !== '' && field !== '<nil>');
  const paths = new Set(findings.map(({ path }) => path));
  return {
    case: subject,
    server,
    findings,
    agrees: findings.length > 0 === !server.accepted,
    hasServersPath: fields.length === 0 || fields.some((field) => paths.has(field)),
  };
}

/** Errors about what the API server does with the object itself: those of decoder and schema, and of rules that it enforces at once. */
function isRefusal({ severity, code, refused }: PlacedFinding): boolean {
  return severity === 'error' && (refused === 'atOnce' || (refused === undefined && /^(?:YAML|DEC|VAL)/.test(code)));
}

export interface Score {
  readonly id: string;
  readonly cases: number;
  readonly refused: number;
  /** Refused by the server and by us. */
  readonly found: number;
  /** Of those found, at the field the server names. */
  readonly exact: number;
  /** Accepted by the server and refused by us. */
  readonly falseErrors: number;
}

export function scoreOf(id: string, comparisons: readonly Comparison[]): Score {
  const refused = comparisons.filter(({ server }) => !server.accepted);
  const found = refused.filter(({ agrees }) => agrees);
  return {
    id,
    cases: comparisons.length,
    refused: refused.length,
    found: found.length,
    exact: found.filter(({ hasServersPath }) => hasServersPath).length,
    falseErrors: comparisons.filter(({ server, agrees }) => server.accepted && !agrees).length,
  };
}

export function formatScore({ id, cases, refused, found, exact, falseErrors }: Score): string {
  const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
  return `| ${id} | ${cases} | ${refused} | ${share(found, refused)} | ${share(exact, found)} | ${falseErrors} |`;
}
