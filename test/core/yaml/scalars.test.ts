import { describe, expect, it } from 'vitest';
import { resolveScalar } from '#core/yaml/scalars.ts';

describe('resolveScalar reads plain scalars as go-yaml v2 does', () => {
  it.each([
    ['yes', 'boolean', true],
    ['Off', 'boolean', false],
    ['y', 'boolean', true],
    ['yEs', 'string', 'yEs'],
    ['0644', 'integer', 420],
    ['0o17', 'integer', 15],
    ['0b11', 'integer', 3],
    ['0x1F', 'integer', 31],
    ['-0x1F', 'integer', -31],
    ['1_000', 'integer', 1000],
    ['08', 'float', 8],
    ['3e0', 'float', 3],
    ['.5', 'float', 0.5],
    ['22:22', 'string', '22:22'],
    ['2026-01-31', 'string', '2026-01-31'],
    ['1.2.3', 'string', '1.2.3'],
    ['0o8', 'string', '0o8'],
    ['-', 'string', '-'],
    ['9223372036854775807', 'integer', 9223372036854775807n],
  ])('%s is %s', (text, type, value) => {
    expect(resolveScalar(text, 'plain')).toEqual({ type, value });
  });

  it.each(['~', 'null', 'Null', 'NULL', ''])('%j is null', (text) => {
    expect(resolveScalar(text, 'plain')).toEqual({ type: 'null' });
  });

  it('keeps quoted text a string, whatever it looks like', () => {
    expect(resolveScalar('yes', 'double')).toEqual({ type: 'string', value: 'yes' });
    expect(resolveScalar('1', 'single')).toEqual({ type: 'string', value: '1' });
  });

  it('follows an explicit tag', () => {
    expect(resolveScalar('1', 'plain', '!!str')).toEqual({ type: 'string', value: '1' });
    expect(resolveScalar('1', 'double', '!!int')).toEqual({ type: 'integer', value: 1 });
  });
});
