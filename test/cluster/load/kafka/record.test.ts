import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, headBytes } from './record.ts';

const head = { stream: 1, partition: 47, sequence: 3_000_000_000, sentAt: 1_795_649_400_123 };

test('a record says again what it was given, whatever its size', () => {
  expect(decodeRecord(encodeRecord(head, 1000))).toEqual(head);
  const smallest = encodeRecord(head, 0);
  expect(smallest).toHaveLength(headBytes);
  expect(decodeRecord(smallest)).toEqual(head);
});

test('what is not ours is not read', () => {
  expect(decodeRecord(null)).toBeUndefined();
  expect(decodeRecord(Buffer.from('short'))).toBeUndefined();
  expect(decodeRecord(Buffer.alloc(100))).toBeUndefined();
});
