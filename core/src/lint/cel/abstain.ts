/** Thrown inside a condition where its outcome is not known here: nothing is said about it. */
export class AbstainError extends Error {
  /** How many there have been: the operators of conditions can swallow an error, and another one then proves nothing. */
  static count = 0;
  override readonly name = 'AbstainError';

  constructor(message: string) {
    super(message);
    AbstainError.count++;
  }
}

/** Thrown by a function of a condition whose argument the server refuses too: the condition is not met. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/**
 * Stands for a value that is not known: a placeholder, a template action, a form we do not read. The evaluator asks every value it
 * looks at for its constructor, and there this one refuses, so that a condition stumbles exactly where its outcome depends on it.
 */
export class UnknownValue {
  readonly isUnknown = true;
}

Object.defineProperty(UnknownValue.prototype, 'constructor', {
  get: () => {
    throw new AbstainError('the value is not known');
  },
});

export const UNKNOWN = new UnknownValue();
