import { describe, expect, test } from 'vitest';
import { findHeapOption, parseJavaAmount } from '#core/systems/javaHeap.ts';

describe('an amount of Java', () => {
  test.each([
    ['512m', 512 * 1024 ** 2],
    ['4G', 4 * 1024 ** 3],
    ['64k', 64 * 1024],
    ['1t', 1024 ** 4],
    ['1073741824', 1024 ** 3],
  ])('%s is read', (text, bytes) => expect(parseJavaAmount(text)).toBe(bytes));

  test.each(['4Gi', '1.5g', '', 'g', '$HEAP', '-1g'])('%s is none', (text) =>
    expect(parseJavaAmount(text)).toBeUndefined(),
  );
});

describe('the heap in a text of options', () => {
  test('is that of the last option of its name', () => {
    expect(findHeapOption('-Xmx1g -server -Xms512m -Xmx2g', '-Xmx')).toBe('2g');
    expect(findHeapOption('-Xmx1g -server -Xms512m -Xmx2g', '-Xms')).toBe('512m');
  });

  test('is not told where it is a share of the memory', () => {
    expect(findHeapOption('-XX:MaxRAMPercentage=50', '-Xmx')).toBeUndefined();
  });
});
