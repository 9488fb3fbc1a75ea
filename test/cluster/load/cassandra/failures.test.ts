import { describe, expect, test } from 'vitest';
import { failureKinds, failureSeconds, failuresByKind, longestFailureWindow } from './failures.ts';

describe('windows of failures', () => {
  test('none is no time', () => {
    expect([longestFailureWindow([]), failureSeconds([])]).toEqual([0, 0]);
  });

  test('failures close to each other are one window, in whatever order they were told', () => {
    const failures = [
      { from: 12, to: 13 },
      { from: 10, to: 11.5 },
      { from: 13.9, to: 14 },
      { from: 20, to: 20.5 },
    ];
    expect(longestFailureWindow(failures)).toBe(4);
    expect(failureSeconds(failures)).toBe(4.5);
  });

  test('an operation that hangs covers those that failed at once meanwhile', () => {
    const failures = [
      { from: 0, to: 5 },
      { from: 1, to: 1.1 },
      { from: 5.9, to: 6 },
    ];
    expect(longestFailureWindow(failures)).toBe(6);
  });
});

test('every class of errors has a kind, and nothing is counted twice', () => {
  const writes = { unavailable: 3, 'no host (connection lost)': 2, 'write timeout': 1 };
  const reads = { unavailable: 1, 'no host (none tried)': 4, overloaded: 5, backlog: 6, 'connection lost': 7 };
  const byKind = failuresByKind(writes, reads);
  expect(byKind).toEqual({
    unavailable: 4,
    'read timeout': 0,
    'write timeout': 1,
    'client timeout': 0,
    'no host available': 6,
    'connection closed': 7,
    'overloaded or shutting down': 5,
    'anything else': 6,
  });
  expect(Object.keys(byKind)).toEqual([...failureKinds]);
});
