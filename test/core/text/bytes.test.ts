import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { base64Length, utf8Length } from '#core/text/bytes.ts';

test.each(['', 'Cassandra', 'Überlauf', 'ключ', '日本語', 'a😀b'])('%j has as many bytes as Node counts', (text) => {
  expect(utf8Length(text)).toBe(Buffer.byteLength(text));
});

test.each(['', 'a', 'ab', 'abc', 'four', 'a longer text'])('the base64 of %j stands for as many bytes', (text) => {
  const encoded = Buffer.from(text).toString('base64');
  expect(base64Length(encoded)).toBe(text.length);
  expect(base64Length(encoded.replaceAll(/(.{4})/g, '$1\n'))).toBe(text.length);
});
