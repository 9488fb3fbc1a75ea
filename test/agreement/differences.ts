/** A case in which we say something else than the server, and mean it. */
export interface Difference {
  /** As `nameOf` gives it. */
  readonly name: string;
  readonly reason: string;
  /** Minors it holds for; all when left out. */
  readonly versions?: readonly string[];
}

export const differences: readonly Difference[] = [];
