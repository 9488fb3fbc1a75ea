import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver-types';
import type { PlacedFinding } from '#core/lint/engine.ts';
import type { Severity } from '#core/lint/finding.ts';
import type { LineIndex } from '#core/text/lines.ts';

/** The source every diagnostic of ours carries. */
export const DIAGNOSTIC_SOURCE = 'data-clusters';

/** What a client can show besides message and range. */
export interface DiagnosticAbilities {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
}

/** What a diagnostic carries back to us with a code action request, for clients that keep `data`. */
export interface DiagnosticData {
  readonly path: string;
  readonly fixable: boolean;
}

export interface DiagnosticSurroundings {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly abilities: DiagnosticAbilities;
  /** The page that explains a rule, when there is one. */
  readonly pageOf: (code: string) => string | undefined;
}

/** One finding as a client shows it. */
export function toDiagnostic(finding: PlacedFinding, surroundings: DiagnosticSurroundings): Diagnostic {
  const { abilities, lines } = surroundings;
  const page = abilities.codeDescription ? surroundings.pageOf(finding.code) : undefined;
  const related = abilities.relatedInformation ? toRelated(finding, surroundings) : [];
  const data: DiagnosticData = { path: finding.path, fixable: finding.fixes !== undefined };
  return {
    range: lines.toPositions(finding.range),
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    source: DIAGNOSTIC_SOURCE,
    message: finding.message,
    data,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    ...(finding.tag === undefined ? {} : { tags: [TAGS[finding.tag]] }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Information,
};

const TAGS: Readonly<Record<NonNullable<PlacedFinding['tag']>, DiagnosticTag>> = {
  unnecessary: DiagnosticTag.Unnecessary,
  deprecated: DiagnosticTag.Deprecated,
};

/** Places in other files bring their lines; otherwise they point at the start of their file. */
function toRelated(
  finding: PlacedFinding,
  { uri, lines }: DiagnosticSurroundings,
): NonNullable<Diagnostic['relatedInformation']> {
  return (finding.related ?? []).map((place) => ({
    message: place.message,
    location:
      place.file === undefined
        ? { uri, range: lines.toPositions(place.range) }
        : { uri: place.file, range: place.lines ?? FILE_START },
  }));
}

const FILE_START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
