import type { PlacedFinding } from '#core/lint/engine.ts';
import type { FileProblem } from '#core/ports.ts';

/** Codes of findings about a file as a whole, which is then not analysed. */
const NOT_UTF8_CODE = 'YAML04';
const TOO_LARGE_CODE = 'YAML03';

/** The one finding for a file that exists but cannot be analysed; undefined when its being unreadable is no matter of its content. */
export function findingForFile(problem: FileProblem, detail: string): PlacedFinding | undefined {
  const known = FINDINGS[problem];
  if (!known) return undefined;
  return {
    code: known.code,
    severity: 'error',
    message: `This file is not checked: ${detail}. ${known.advice}`,
    path: '',
    range: { start: 0, end: 0 },
    documentIndex: 0,
    offset: 0,
    resource: undefined,
  };
}

const FINDINGS: Readonly<Partial<Record<FileProblem, { readonly code: string; readonly advice: string }>>> = {
  notUtf8: { code: NOT_UTF8_CODE, advice: 'Save it as UTF-8.' },
  tooLarge: {
    code: TOO_LARGE_CODE,
    advice: 'Files above 16 MiB are left out; the API server refuses objects above 1.5 MiB. Split it.',
  },
};
