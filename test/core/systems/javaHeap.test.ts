import { describe, expect, test } from 'vitest';
import { parseJavaSize, readHeapOptions } from '#core/systems/javaHeap.ts';

describe('a size of Java', () => {
  test.each([
    ['512m', 512 * 1024 ** 2],
    ['4G', 4 * 1024 ** 3],
    ['64k', 64 * 1024],
    ['1t', 1024 ** 4],
    ['1073741824', 1024 ** 3],
  ])('%s is read', (text, bytes) => expect(parseJavaSize(text)).toBe(bytes));

  test.each(['4Gi', '1.5g', '', 'g', '$HEAP', '-1g'])('%s is none', (text) =>
    expect(parseJavaSize(text)).toBeUndefined(),
  );
});

describe('the heap in a text of options', () => {
  test('is that of the last option of its name', () => {
    expect(readHeapOptions('-Xmx1g -server -Xms512m -Xmx2g')).toEqual({
      largest: 2 * 1024 ** 3,
      first: 512 * 1024 ** 2,
    });
  });

  test('is not known where it is a share of the memory or filled in later', () => {
    expect(readHeapOptions('-XX:MaxRAMPercentage=50 -Xms${HEAP}')).toEqual({ largest: undefined, first: undefined });
  });
});
