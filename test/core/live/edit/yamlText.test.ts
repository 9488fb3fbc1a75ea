import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Text, encodeBase64Text } from '#core/live/edit/base64.ts';
import { toYamlText } from '#core/live/edit/yamlText.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

function readBack(text: string): unknown {
  const document = parseDocumentText(text);
  expect(document.problems).toEqual([]);
  return toPlainValue(document.root);
}

const awkward = [
  'yes',
  'No',
  'on',
  'y',
  '0777',
  '0o7',
  '0b11',
  '0x1f',
  '1e3',
  '1_000',
  '12:30:45',
  '~',
  'null',
  '',
  ' ',
  ' a',
  'a ',
  '-',
  '--',
  '---',
  '- a',
  '-a',
  '...',
  '*',
  '*a',
  '&a',
  '!a',
  '#a',
  'a #b',
  'a: b',
  'a:',
  ':a',
  '{a}',
  '[a]',
  '|',
  '>',
  '%a',
  '@a',
  '`a',
  '"a"',
  "'a'",
  '?',
  '? a',
  '<<',
  '=',
  '.inf',
  '.nan',
  '2020-01-01',
  '10Gi',
  '500m',
  'a\nb',
  'a\nb\n',
  'a\nb\n\n',
  '\na',
  ' a\nb',
  'a \nb',
  'a\n\nb\n',
  'a\tb',
  '\u0007',
  '\u2028',
  'a\r\nb',
  'a\r\nb\n',
  '\uFEFFa',
  '🙂',
  '/bin/sh',
  '$(X)',
  '(a)',
  '+1',
  '-1',
  '1.',
  '.5',
  'a,b',
  '# x\ny\n',
  'a\n---\nb',
];

describe('toYamlText', () => {
  it('writes what people expect to read', () => {
    const object = {
      apiVersion: 'v1',
      spec: { list: ['a', { b: 1, c: ['x'] }, []], text: 'a\nb\n', flag: 'yes', none: null, empty: {} },
    };
    expect(toYamlText(object)).toBe(
      'apiVersion: v1\nspec:\n  list:\n  - a\n  - b: 1\n    c:\n    - x\n  - []\n  text: |\n    a\n    b\n  flag: "yes"\n  none: null\n  empty: {}\n',
    );
  });

  it.each(awkward)('keeps the text %j, as a value, as a key and in a list', (text) => {
    const value = { [text]: text, list: [text, [text]], last: text };
    expect(readBack(toYamlText(value))).toEqual(value);
  });

  it('keeps any JSON', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
        fc.constantFrom(...awkward),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...awkward)), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { maxKeys: 3 }), (value) => {
        expect(readBack(toYamlText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('base64', () => {
  it('is what Node makes of any text, and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = Buffer.from(text.toWellFormed(), 'utf8').toString('base64');
        expect(encodeBase64Text(text)).toBe(encoded);
        if (!/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(text)) expect(decodeBase64Text(encoded)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['bytes that are no text', '/+8='],
    ['an overlong form', 'wIA='],
    ['a surrogate', '7aCA'],
    ['what is no base64', 'a b'],
    ['control characters', 'AAE='],
  ])('has no text for %s', (_what, base64) => {
    expect(decodeBase64Text(base64)).toBeUndefined();
  });
});
