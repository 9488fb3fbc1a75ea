import { describe, expect, it } from 'vitest';
import { formatTime } from '#core/time.ts';
import { makeRandom } from '#test/support/random.ts';

describe('formatTime', () => {
  it('writes what Date writes, on leap days and over four centuries', () => {
    const random = makeRandom(7);
    const edges = ['1970-01-01', '2000-02-29', '2024-02-29', '2024-12-31', '2100-02-28', '2100-03-01'].map((day) =>
      Date.parse(`${day}T23:59:59.999Z`),
    );
    const spread = Array.from({ length: 2000 }, () => random.below(2 ** 31) * 5000 + random.below(86_400_000));
    for (const at of [0, ...edges, ...spread])
      expect(formatTime(at)).toBe(new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'));
  });
});
