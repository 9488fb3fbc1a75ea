import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StructureContext } from '#core/lint/structure/context.ts';
import { checkValue } from '#core/lint/structure/walk.ts';
import { SchemaNode, type RawSchema } from '#core/schema/node.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

const RUNS = 600;

const NAMES = ['size', 'name', 'racks', 'config'] as const;

/** Schemas of the keywords that JSON Schema and structural schemas share, at most three levels deep. */
const { schema: anySchema } = fc.letrec<{ schema: RawSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant<RawSchema>({ type: 'boolean' }),
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(4), fc.boolean()).map(([minimum, span, exclusive]): RawSchema => ({
      type: 'integer',
      minimum,
      maximum: minimum + span,
      ...(exclusive ? { multipleOf: 2 } : {}),
    })),
    fc.constant<RawSchema>({ type: 'number', minimum: 0 }),
    fc
      .tuple(fc.nat(2), fc.nat(3))
      .map(([minLength, more]): RawSchema => ({ type: 'string', minLength, maxLength: minLength + more })),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 'true', '1'), { minLength: 1 })
      .map((values): RawSchema => ({ type: 'string', enum: values })),
    fc.constant<RawSchema>({ type: 'string', pattern: '^[a-b]+$' }),
    tie('schema').chain((items) =>
      fc.nat(2).map((minItems): RawSchema => ({ type: 'array', items, minItems, maxItems: minItems + 1 })),
    ),
    fc
      .tuple(fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), { minKeys: 1 }), fc.subarray([...NAMES]))
      .map(([properties, wanted]): RawSchema => ({
        type: 'object',
        properties,
        required: wanted.filter((name) => Object.hasOwn(properties, name)),
      })),
    tie('schema').map((additionalProperties): RawSchema => ({ type: 'object', additionalProperties })),
  ),
}));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.boolean(),
    fc.integer({ min: -5, max: 8 }),
    fc.constantFrom(0.5, 1.5),
    fc.constantFrom('', 'a', 'b', 'ab', 'abc', 'true', '1'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'other'), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const ajv = new Ajv({ strict: false, logger: false });

describe('the walker and ajv', () => {
  test(`agree on ${RUNS} random values of random schemas`, () => {
    const verdicts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(anySchema, anyValue, (raw, value) => {
        const accepted = ajv.compile(closeObjects(raw))(value);
        verdicts[accepted ? 'accepted' : 'refused']++;
        expect(findingsOf(value, raw).length === 0).toBe(accepted);
      }),
      { numRuns: RUNS, seed: 20261125 },
    );
    // A generator that hardly ever makes a good or a bad value would prove nothing.
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(RUNS / 20);
  });
});

/** A structural schema knows no other fields than it names; JSON Schema has to be told. */
function closeObjects(raw: RawSchema): object {
  const { properties, items, additionalProperties, ...rest } = raw;
  return {
    ...rest,
    ...(isSchema(items) ? { items: closeObjects(items) } : {}),
    ...(isSchema(additionalProperties) ? { additionalProperties: closeObjects(additionalProperties) } : {}),
    ...(properties
      ? {
          additionalProperties: false,
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, isSchema(child) ? closeObjects(child) : {}]),
          ),
        }
      : {}),
  };
}

function isSchema(value: unknown): value is RawSchema {
  return typeof value === 'object' && value !== null;
}

function findingsOf(value: unknown, raw: RawSchema): readonly string[] {
  const found: string[] = [];
  const { text, root } = parseDocumentText(JSON.stringify(value));
  const context: StructureContext = {
    text,
    decoder: 'custom',
    kubernetesVersion: '1.34',
    completeness: 'whole',
    isTemplated: () => false,
    report: ({ message }) => void found.push(message),
  };
  const anchor = { start: 0, end: 0 };
  checkValue(root, new SchemaNode(raw), { place: undefined, entry: undefined, anchor }, context);
  return found;
}
