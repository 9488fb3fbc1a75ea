import { describe, expect, test } from 'vitest';
import { isIpAddress, isOddIpAddress } from '#core/kubernetes/ip.ts';

describe('an IP address', () => {
  test.each([
    '10.0.0.1',
    '255.255.255.255',
    '010.0.0.1',
    '::',
    '::1',
    'fd00::53',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::ffff:10.0.0.1',
    'FE80::1',
  ])('is %s', (text) => {
    expect(isIpAddress(text)).toBe(true);
  });

  test.each([
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.1/8',
    '10.0.0.1:53',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'fe80::1%eth0',
    '10.0.0.1::',
    '::10.0.0.1:1',
  ])('is not %s', (text) => {
    expect(isIpAddress(text)).toBe(false);
  });

  test.each(['010.0.0.1', '10.0.0.01', '::ffff:10.0.0.1'])('is odd as %s', (text) => {
    expect(isOddIpAddress(text)).toBe(true);
  });

  test.each(['10.0.0.1', '0.0.0.0', '::1', '::ffff:10.0.0', 'localhost'])('is not odd as %s', (text) => {
    expect(isOddIpAddress(text)).toBe(false);
  });
});
