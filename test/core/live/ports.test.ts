import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';

describe('a problem of a cluster', () => {
  test('is one also when it comes from the copy of the class in another bundle', () => {
    class OtherCopy extends Error {
      readonly kind = 'busy';
      override readonly name = 'ClusterProblem';
    }
    expect(new OtherCopy('wait') instanceof ClusterProblem).toBe(true);
    expect(new ClusterProblem('busy', 'wait') instanceof ClusterProblem).toBe(true);
  });

  test('is no other error and no other value', () => {
    for (const value of [new Error('x'), new TypeError('x'), { name: 'ClusterProblem', kind: 'busy' }, undefined, 'x'])
      expect(value instanceof ClusterProblem).toBe(false);
  });
});
