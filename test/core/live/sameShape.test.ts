import { describe, expect, it } from 'vitest';
import { keptIfSame, sameShape } from '#core/live/sameShape.ts';

describe('sameShape', () => {
  it.each([
    [{ a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [[1], [1, 2], false],
    [new Set(['pods']), new Set(['pods']), true],
    [new Set(['pods']), new Set(['nodes']), false],
    [{ hidden: new Set() }, { hidden: new Set(['pods']) }, false],
    [{ meta: {} }, { meta: {} }, false],
  ])('%o and %o', (a, b, expected) => {
    expect(sameShape(a, b)).toBe(expected);
  });

  it('keeps the old one only when it says the same', () => {
    const old = { a: 1 };
    expect(keptIfSame(old, { a: 1 })).toBe(old);
    expect(keptIfSame(old, { a: 2 })).not.toBe(old);
  });
});
