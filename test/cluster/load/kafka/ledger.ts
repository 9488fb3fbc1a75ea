import { createTally } from '../tally.ts';

/** What became of one record, as far as its producer knows. */
const issued = 0;
const acknowledged = 1;
const failed = 2;

interface Lane {
  readonly fate: number[];
  readonly copies: number[];
}

export interface LedgerSummary {
  readonly sent: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly failedByClass: Readonly<Record<string, number>>;
  /** Neither acknowledged nor failed when the load ended. */
  readonly unanswered: number;
  /** Acknowledged, and not in the log at the end. */
  readonly lost: number;
  /** Where lost records were, such as `12:345` for the 345th record of partition 12; the first ten. */
  readonly lostExamples: readonly string[];
  /** Copies beyond the first, of acknowledged records and of all others. */
  readonly duplicates: number;
  /** Failed for its producer, yet in the log: what the application sends again becomes a duplicate. */
  readonly failedButStored: number;
  /** Records in the log that nobody sent. */
  readonly strangers: number;
}

/** Remembers every record of one producer and compares it with what is in the log at the end. */
export interface Ledger {
  /** Registers the next record of a partition; returns its number in it. */
  issue(this: void, partition: number): number;
  acknowledge(this: void, partition: number, sequence: number): void;
  fail(this: void, partition: number, sequence: number, errorClass: string): void;
  store(this: void, partition: number, sequence: number): void;
  summarize(this: void): LedgerSummary;
}

export function createLedger(partitions: number): Ledger {
  const lanes = Array.from({ length: partitions }, (): Lane => ({ fate: [], copies: [] }));
  const failures = createTally();
  let strangers = 0;
  const settle = (partition: number, sequence: number, fate: number): void => {
    const lane = lanes[partition];
    if (lane?.fate[sequence] !== issued) throw new Error(`Record ${partition}:${sequence} is settled already.`);
    lane.fate[sequence] = fate;
  };
  return {
    issue(partition) {
      const lane = lanes[partition];
      if (lane === undefined) throw new Error(`There is no partition ${partition}.`);
      lane.copies.push(0);
      return lane.fate.push(issued) - 1;
    },
    acknowledge: (partition, sequence) => settle(partition, sequence, acknowledged),
    fail(partition, sequence, errorClass) {
      settle(partition, sequence, failed);
      failures.add(errorClass);
    },
    store(partition, sequence) {
      const lane = lanes[partition];
      const copies = lane?.copies[sequence];
      if (lane === undefined || copies === undefined) strangers += 1;
      else lane.copies[sequence] = copies + 1;
    },
    summarize: () => ({ ...summarizeLanes(lanes), failedByClass: failures.counts(), strangers }),
  };
}

function summarizeLanes(lanes: readonly Lane[]): Omit<LedgerSummary, 'failedByClass' | 'strangers'> {
  const found = { sent: 0, acknowledged: 0, failed: 0, unanswered: 0, lost: 0, duplicates: 0, failedButStored: 0 };
  const lostExamples: string[] = [];
  for (const [partition, { fate, copies }] of lanes.entries()) {
    for (const [sequence, state] of fate.entries()) {
      const stored = copies[sequence] ?? 0;
      found.sent += 1;
      found.duplicates += Math.max(0, stored - 1);
      if (state === issued) found.unanswered += 1;
      if (state === failed) found.failed += 1;
      if (state === failed && stored > 0) found.failedButStored += 1;
      if (state === acknowledged) found.acknowledged += 1;
      if (state === acknowledged && stored === 0) {
        found.lost += 1;
        if (lostExamples.length < 10) lostExamples.push(`${partition}:${sequence}`);
      }
    }
  }
  return { ...found, lostExamples };
}
