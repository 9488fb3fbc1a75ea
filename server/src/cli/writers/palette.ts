import type { Severity } from '#core/lint/finding.ts';

/** Ways to set off text on a terminal; without colours every one leaves the text as it is. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  mark(text: string, severity: Severity): string;
}

const SEVERITY_CODES: Readonly<Record<Severity, number>> = { error: 31, warning: 33, hint: 36 };

const plain: Palette = { bold: (text) => text, dim: (text) => text, mark: (text) => text };

const colored: Palette = {
  bold: (text) => `\u001B[1m${text}\u001B[22m`,
  dim: (text) => `\u001B[2m${text}\u001B[22m`,
  mark: (text, severity) => `\u001B[${SEVERITY_CODES[severity]}m${text}\u001B[39m`,
};

export const palettes: Readonly<Record<'plain' | 'colored', Palette>> = { plain, colored };
