import { describe, expect, test } from 'vitest';
import { listOf, objectOf, scalarText, textMapOf, textsOf, valueAt } from '#core/live/json.ts';
import { plainText } from '#core/live/text.ts';
import { durationText, timeOf } from '#core/live/time.ts';

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

describe('times', () => {
  test.each([
    '1970-01-01T00:00:00Z',
    '2024-02-29T23:59:59Z',
    '2000-03-01T00:00:00.25Z',
    '2026-12-31T12:30:15.123456Z',
    '2026-06-15T01:00:00+02:00',
    '2026-06-15T01:00:00-03:30',
    '1969-07-20T20:17:40Z',
  ])('%s', (text) => {
    expect(timeOf(text)).toBe(Date.parse(text));
  });

  test.each([undefined, null, 5, '', 'yesterday', '2026-01-01'])('%s is none', (value) => {
    expect(timeOf(value)).toBeUndefined();
  });

  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000 * 5, '5 h'],
    [86_400_000 * 2, '2 d'],
  ])('%d ms are %s', (length, text) => {
    expect(durationText(length)).toBe(text);
  });
});

describe('texts of a cluster', () => {
  test('keep no control characters, directions or escapes', () => {
    expect(plainText('a\u001B[31mb\r\nc\u202Ed\u0000')).toBe('a [31mb c d');
  });

  test('are cut, never inside a character', () => {
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(plainText('ab😀cd', 4)).toBe('ab…');
    expect(plainText('abcd', 4)).toBe('abcd');
  });
});
