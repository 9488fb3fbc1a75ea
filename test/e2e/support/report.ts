/** Counts steps and says at once how each of them went. */
export interface Report {
  /** Runs one step; a failure is counted and thrown on, because the rest of a journey stands on it. */
  step(this: void, title: string, run: () => Promise<void>): Promise<void>;
  /** Counts something that could not even start. */
  fail(this: void, title: string, reason: unknown): void;
  readonly passed: number;
  readonly failed: number;
}

export function createReport(write: (line: string) => void): Report {
  let passed = 0;
  let failed = 0;
  const fail = (title: string, reason: unknown): void => {
    failed += 1;
    write(`  FAILED ${title}\n${indent(describeReason(reason))}`);
  };
  return {
    async step(title, run) {
      const started = performance.now();
      try {
        await run();
      } catch (error) {
        fail(title, error);
        throw new StepFailure(title);
      }
      passed += 1;
      write(`  ok     ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    },
    fail,
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
  };
}

/** Thrown by a step after it was counted, so that the runner does not count it a second time. */
export class StepFailure extends Error {}

function describeReason(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

const indent = (text: string): string => text.replaceAll(/^/gm, '         ');
