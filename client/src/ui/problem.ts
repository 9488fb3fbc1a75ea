/** A failure that a person can do something about: why it failed, and what helps. Whole sentences. */
export class UserProblem extends Error {
  override readonly name = 'UserProblem';
  readonly advice: string;

  constructor(why: string, advice: string) {
    super(why);
    this.advice = advice;
  }
}

/**
 * One message of three parts: what failed, why, and what to do.
 *
 * @param what the failed action, such as `New Manifest`
 */
export function describeProblem(what: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  const advice = error instanceof UserProblem ? error.advice : 'The log has the details.';
  return [`${what} did not work.`, asSentence(why), advice].filter((part) => part !== '').join(' ');
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
