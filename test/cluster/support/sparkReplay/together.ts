import type { LiveTest, TestCluster } from '../suite.ts';
import { withReplayedSpark, type ReplayedSpark } from './withReplay.ts';

/** What is tried on jobs of its own names. */
export interface Scenario {
  readonly title: string;
  readonly run: (spark: ReplayedSpark) => Promise<void>;
}

/**
 * Tests of scenarios that run at the same time in one namespace, because each waits most of its time. All begin with the first test; each test
 * waits for its own, and the last one also until everything is taken away.
 */
export function together(namespace: string, scenarios: readonly Scenario[]): readonly LiveTest[] {
  let whole: Promise<void> | undefined;
  const notes = scenarios.map((): string[] => []);
  const outcomes = scenarios.map(outcome);
  // They are looked at one after the other.
  for (const { promise } of outcomes) promise.catch(() => undefined);
  const begin = async (test: TestCluster): Promise<void> => {
    try {
      await withReplayedSpark(test, namespace, async (spark) => {
        const runs = scenarios.map(async ({ run }, index) => {
          try {
            await run(spark.noting((text) => notes[index]?.push(text)));
            outcomes[index]?.resolve();
          } catch (error) {
            outcomes[index]?.reject(error);
          }
        });
        await Promise.all(runs);
      });
    } catch (error) {
      for (const { reject } of outcomes) reject(error);
    }
  };
  return scenarios.map(({ title }, index) => ({
    title,
    async run(test) {
      whole ??= begin(test);
      try {
        await outcomes[index]?.promise;
      } finally {
        for (const text of notes[index] ?? []) test.note(text);
        if (index === scenarios.length - 1) await whole;
      }
    },
  }));
}

interface Outcome {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function outcome(): Outcome {
  let settle: Omit<Outcome, 'promise'> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('A promise begins at once.');
  return { ...settle, promise };
}
