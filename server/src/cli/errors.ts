/** A reason not to do what was asked: what happened, why, and what to do. Ends the program with exit code 2. */
export class CliError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.name = 'CliError';
    this.advice = advice;
  }
}

export const EXIT_CLEAN = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_FAILED = 2;
