import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateBySchema } from '#core/charts/schema/validate.ts';
import { matchesPattern } from '#core/lint/cel/functions/text.ts';

const NAMES = ['size', 'name', 'racks'] as const;
const CONDITION = ['if', 'then', 'else'] as const;

/** Objects as a parser of JSON makes them: ajv holds one without a prototype for another value. */
const plain = { noNullPrototype: true } as const;

/** Schemas of the keywords that people write for values, three levels deep. */
const { schema: anySchema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.boolean(),
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'null', 'boolean', 'object', 'array') }),
    fc.record({ minimum: fc.integer({ min: -2, max: 2 }), maximum: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ minLength: fc.nat(2), pattern: fc.constantFrom('^[a-b]+$', 'b') }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 'b', 1, true, null), { minLength: 1 }) }),
    fc.record({ const: fc.constantFrom('a', 1, null) }),
    fc.record({ items: tie('schema'), minItems: fc.nat(2), uniqueItems: fc.boolean() }),
    fc.record({ contains: tie('schema') }),
    fc.record({
      properties: fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), { minKeys: 1, ...plain }),
      required: fc.subarray([...NAMES]),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    }),
    fc.record({
      patternProperties: fc.dictionary(fc.constantFrom('^s', 'm'), tie('schema'), { minKeys: 1, ...plain }),
      maxProperties: fc.nat(2),
    }),
    fc.record({ propertyNames: fc.record({ maxLength: fc.integer({ min: 3, max: 5 }) }), minProperties: fc.nat(1) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }), not: tie('schema') }),
    fc
      .tuple(tie('schema'), tie('schema'), tie('schema'))
      .map((schemas) => Object.fromEntries(CONDITION.map((keyword, index) => [keyword, schemas[index]]))),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }), unevaluatedProperties: fc.boolean() }),
    fc.record({ prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }), items: tie('schema') }),
    fc.record({
      dependentRequired: fc.constant({ size: ['name'] }),
      dependentSchemas: fc.record({ name: tie('schema') }),
    }),
    fc.constant({ $ref: '#/$defs/shared' }),
  ),
}));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.boolean(),
    fc.constant(null),
    fc.integer({ min: -3, max: 5 }),
    fc.constantFrom('', 'a', 'b', 'ab', 'abc'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'other'), tie('value'), { maxKeys: 3, ...plain }),
  ),
})).value;

const options = { strict: false, logger: false, validateFormats: false, ownProperties: true } as const;

const readers = [
  { draft: 'http://json-schema.org/draft-07/schema#', make: () => new Ajv(options) },
  { draft: 'https://json-schema.org/draft/2019-09/schema', make: () => new Ajv2019(options) },
  { draft: 'https://json-schema.org/draft/2020-12/schema', make: () => new Ajv2020(options) },
];

describe.each(readers)('the schemas of values and ajv, $draft', ({ draft, make }) => {
  test('agree on what fits', () => {
    fc.assert(
      fc.property(anySchema, anyValue, (schema, value) => {
        const root = {
          $schema: draft,
          allOf: [schema],
          $defs: { shared: { type: ['string', 'object'], maxProperties: 1 } },
        };
        const ours = validateBySchema(root, value, matchesPattern);
        expect(ours).toBeDefined();
        expect(ours?.length === 0, JSON.stringify({ root, value, ours })).toBe(make().compile(root)(value));
      }),
      { numRuns: 80, seed: 20261126 },
    );
  });
});

describe('what the sentences say', () => {
  const messages = (schema: unknown, value: unknown): readonly string[] | undefined =>
    validateBySchema(schema, value, matchesPattern)?.map(({ path, message }) => `${path.join('.')}: ${message}`);

  test.each([
    [{ type: 'integer' }, 'two', ': The schema wants an integer here; this is the string "two".'],
    [
      { enum: ['plain', 'secure'] },
      'secured',
      ': "secured" is not a supported value. Did you mean secure? Supported: "plain" or "secure".',
    ],
    [{ properties: { a: { minimum: 1 } } }, { a: 0 }, 'a: This number must be at least 1; it is 0.'],
    [
      { properties: { tag: {} }, additionalProperties: false },
      { tagg: 1 },
      'tagg: The schema knows no key tagg here and allows no others. Did you mean tag?',
    ],
    [{ required: ['b'] }, {}, ': The schema wants the key b here.'],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      3,
      ': The schema wants a string or null here; this is the number 3.',
    ],
    [{ oneOf: [{ type: 'string' }, { type: 'object', required: ['x'] }] }, {}, ': The schema wants the key x here.'],
    [{ pattern: '^[a-z]+$' }, 'A', ': "A" does not match the pattern ^[a-z]+$ that the schema demands.'],
    [{ minLength: 1 }, '', ': This text must not be empty.'],
    [{ items: { type: 'string' } }, ['a', 2], '1: The schema wants a string here; this is the number 2.'],
  ])('%j', (schema, value, expected) => {
    expect(messages(schema, value)).toEqual([expected]);
  });

  test('nothing is said where the schema is elsewhere, unknown, or works without end', () => {
    expect(messages({ $ref: 'https://example.org/schema.json' }, 1)).toBeUndefined();
    expect(messages({ $schema: 'https://example.org/own' }, 1)).toBeUndefined();
    expect(messages({ $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 1)).toBeUndefined();
    const doubled = { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } }, $ref: '#/$defs/a' };
    expect(messages(doubled, 1)).toBeUndefined();
  });

  test('in old drafts what stands beside a reference does not count', () => {
    const schema = { $ref: '#/definitions/a', type: 'string', definitions: { a: { type: 'integer' } } };
    expect(messages({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }, 1)).toEqual([]);
    expect(messages({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, 1)).toHaveLength(1);
  });
});
