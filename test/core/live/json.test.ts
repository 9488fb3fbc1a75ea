import { describe, expect, test } from 'vitest';
import { listOf, objectOf, scalarText, textMapOf, textsOf, valueAt } from '#core/live/json.ts';

describe('reading what nobody has checked', () => {
  test.each([undefined, null, 1, 'x', [], true])('%s is an empty object', (value) => {
    expect(objectOf(value)).toEqual({});
    expect(textMapOf(value)).toEqual({});
    expect(valueAt(value, 'a', 'b')).toBeUndefined();
  });

  test('takes only texts where texts are wanted', () => {
    expect(textMapOf({ a: 'x', b: 1, c: null })).toEqual({ a: 'x' });
    expect(textsOf(['a', 1, null, 'b'])).toEqual(['a', 'b']);
    expect(listOf({ length: 3 })).toEqual([]);
    expect([scalarText(1), scalarText('50%'), scalarText({})]).toEqual(['1', '50%', '']);
  });
});
