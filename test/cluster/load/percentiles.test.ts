import { describe, expect, test } from 'vitest';
import { median, summarizeLatencies } from './percentiles.ts';

describe('latencies', () => {
  test('are summed up by values that were measured, in whatever order they came', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarizeLatencies(hundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  test('of one request are that one', () => {
    expect(summarizeLatencies([7.26])).toEqual({ count: 1, p50: 7.3, p95: 7.3, p99: 7.3, max: 7.3 });
  });

  test('of no request are zero', () => {
    expect(summarizeLatencies([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
  });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], 0],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
