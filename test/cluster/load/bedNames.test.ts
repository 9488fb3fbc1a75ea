import { expect, test } from 'vitest';
import { isPodAddress, resolveInBed } from './bedNames.ts';
import { everyInterval, requireWithin } from './pace.ts';

test.each([
  ['10.244.1.7', true],
  ['10.240.0.1', false],
  ['127.0.0.1', false],
  ['8.8.8.8', false],
  ['kafka', false],
])('%s is an address of a pod of the bed: %s', (address, expected) => {
  expect(isPodAddress(address)).toBe(expected);
});

test('nothing is sent to an address that is not the bed’s', async () => {
  await expect(resolveInBed('192.0.2.1')).rejects.toThrow('no pod of the test bed');
});

test.each([0, -1, Number.NaN, 11])('a rate of %d is refused where 10 is the limit', (value) => {
  expect(() => requireWithin('The rate', value, 10)).toThrow('The rate must be more than 0 and at most 10.');
});

test('a load goes on at its pace although nothing that it starts ever ends, and stops when told', async () => {
  const stop = new AbortController();
  let ticks = 0;
  await everyInterval(5, stop.signal, () => {
    ticks += 1;
    if (ticks === 4) stop.abort();
  });
  expect(ticks).toBe(4);
});
