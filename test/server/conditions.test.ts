import { expect, test } from 'vitest';
import { loadConditions } from '#server/conditions.ts';

test('what evaluates conditions is loaded once', () => {
  expect(loadConditions().findFailures([], () => false)).toEqual([]);
  expect(loadConditions()).toBe(loadConditions());
});
