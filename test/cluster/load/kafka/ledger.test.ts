import { describe, expect, test } from 'vitest';
import { createLedger } from './ledger.ts';

describe('the ledger of a producer', () => {
  test('finds an acknowledged record that is not in the log', () => {
    const ledger = createLedger(2);
    for (const partition of [0, 1, 1]) ledger.acknowledge(partition, ledger.issue(partition));
    ledger.store(0, 0);
    ledger.store(1, 0);
    expect(ledger.summarize()).toMatchObject({ sent: 3, acknowledged: 3, lost: 1, lostExamples: ['1:1'], failed: 0 });
  });

  test('counts failures by class, and those whose record is in the log all the same', () => {
    const ledger = createLedger(1);
    for (const errorClass of ['NOT_ENOUGH_REPLICAS', 'request timeout', 'NOT_ENOUGH_REPLICAS']) {
      ledger.fail(0, ledger.issue(0), errorClass);
    }
    ledger.store(0, 1);
    const { failed, failedByClass, failedButStored, lost } = ledger.summarize();
    expect({ failed, failedButStored, lost }).toEqual({ failed: 3, failedButStored: 1, lost: 0 });
    expect(Object.entries(failedByClass)).toEqual([
      ['NOT_ENOUGH_REPLICAS', 2],
      ['request timeout', 1],
    ]);
  });

  test('counts every copy beyond the first as a duplicate', () => {
    const ledger = createLedger(1);
    ledger.acknowledge(0, ledger.issue(0));
    for (let copy = 0; copy < 3; copy += 1) ledger.store(0, 0);
    expect(ledger.summarize()).toMatchObject({ duplicates: 2, lost: 0 });
  });

  test('tells records that were never answered, and records that nobody sent', () => {
    const ledger = createLedger(1);
    ledger.issue(0);
    ledger.store(0, 5);
    ledger.store(3, 0);
    ledger.store(0, -1);
    expect(ledger.summarize()).toMatchObject({ sent: 1, unanswered: 1, strangers: 3 });
  });

  test('refuses to settle a record twice, because then its figures mean nothing', () => {
    const ledger = createLedger(1);
    ledger.acknowledge(0, ledger.issue(0));
    expect(() => ledger.fail(0, 0, 'request timeout')).toThrow('settled already');
    expect(() => ledger.acknowledge(0, 1)).toThrow('settled already');
  });
});
