import { describe, expect, test } from 'vitest';
import { conditionLibrary } from '#core/lint/cel/library.ts';
import { LintEngine, placeFindings, type PlacedFinding } from '#core/lint/engine.ts';
import type { FileRole } from '#core/lint/role.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { SchemaCatalog } from '#core/schema/catalog.ts';
import { readCrd } from '#core/schema/crd.ts';

/** Schema of `spec`; the object is called `thing`. */
function engineFor(spec: object, root: object = {}): LintEngine {
  const definition = {
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com',
      names: { kind: 'Thing', plural: 'things' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec }, ...root } },
        },
      ],
    },
  };
  const catalog = new SchemaCatalog([readCrd(definition, { origin: 'workspace', name: 'things.yaml' })]);
  return new LintEngine({ catalog, settings: defaultLintSettings, loadConditions: () => conditionLibrary });
}

function check(engine: LintEngine, spec: string, role?: FileRole): readonly PlacedFinding[] {
  const text = `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: thing\nspec: ${spec}\n`;
  return placeFindings(engine.analyzeText(text, role));
}

const findings = (spec: object, value: string): readonly string[] =>
  check(engineFor(spec), value).map(({ code, path }) => `${code} ${path}`);

const rule = (text: string, more: object = {}): object => ({
  'x-kubernetes-validations': [{ rule: text, ...more }],
});

const FAILS = ['CEL01 spec'];
const int = { type: 'integer' };
const text = { type: 'string' };

describe('values', () => {
  test.each<[title: string, properties: object, condition: string, value: string]>([
    ['integers', { num: int }, 'self.num + 1 == 3 && type(self.num) == int', '{num: 2}'],
    ['integers written as floats', { num: int }, 'self.num == 2', '{num: 2.0}'],
    ['integers beyond 2^53', { num: int }, 'self.num == 9007199254740993', '{num: 9007199254740993}'],
    ['numbers', { num: { type: 'number' } }, 'self.num == 2.0 && type(self.num) == double', '{num: 2}'],
    [
      'int-or-string',
      { num: { 'x-kubernetes-int-or-string': true }, m: { 'x-kubernetes-int-or-string': true } },
      'type(self.num) == int && type(self.m) == string',
      '{num: 5, m: 5%}',
    ],
    ['absent fields', { num: int }, '!has(self.num)', '{}'],
    ['null is absent', { num: int }, '!has(self.num)', '{num: null}'],
    ['null where it may be', { num: { ...int, nullable: true } }, 'has(self.num) && self.num == null', '{num: null}'],
    ['defaults', { num: { ...int, default: 4 } }, 'self.num == 4', '{}'],
    [
      'defaults inside of defaults',
      { o: { type: 'object', default: {}, properties: { num: { ...int, default: 4 } } } },
      'self.o.num == 4',
      '{}',
    ],
    ['lists', { l: { type: 'array', items: int } }, 'self.l.all(x, x > 0) && self.l.sum() == 3', '{l: [1, 2]}'],
    [
      'maps',
      { m: { type: 'object', additionalProperties: text } },
      'self.m.all(k, self.m[k].startsWith(k)) && "a" in self.m',
      '{m: {a: ab, "b.c": b.cd}}',
    ],
    [
      'names that must be escaped',
      { 'a-b': int, 'a.b': int, 'a/b': int, a__b: int, namespace: int },
      'self.a__dash__b + self.a__dot__b + self.a__slash__b + self.a__underscores__b + self.__namespace__ == 5',
      '{a-b: 1, a.b: 1, a/b: 1, a__b: 1, namespace: 1}',
    ],
    ['times', { t: { ...text, format: 'date-time' } }, 'self.t.getFullYear() == 2026', '{t: "2026-01-31T09:30:00Z"}'],
    ['durations', { d: { ...text, format: 'duration' } }, "self.d > duration('1h')", '{d: 61m}'],
    [
      'quantities',
      { q: { 'x-kubernetes-int-or-string': true } },
      "quantity(self.q).isLessThan(quantity('2Gi'))",
      '{q: 1Gi}',
    ],
    ['texts in quotes', { s: text }, "self.s == 'true'", '{s: "true"}'],
    ['YAML 1.1', { b: { type: 'boolean' } }, 'self.b', '{b: yes}'],
    [
      'aliases and merge keys',
      { a: int, o: { type: 'object', properties: { a: int } } },
      'self.o.a == 7',
      '\n  o: {<<: &x {a: 7}}',
    ],
  ])('%s', (_, properties, condition, value) => {
    const schema = { type: 'object', properties };
    expect(findings({ ...schema, ...rule(condition) }, value)).toEqual([]);
    expect(findings({ ...schema, ...rule(`!(${condition})`) }, value)).toEqual(FAILS);
  });

  test('of an object: its kind and its name', () => {
    const root = rule("self.metadata.name == 'thing' && self.kind == 'Thing' && !has(self.metadata.generateName)");
    expect(check(engineFor({ type: 'object' }, root), '{}')).toEqual([]);
    const wrong = rule('size(self.metadata.name) > 20');
    expect(check(engineFor({ type: 'object' }, wrong), '{}')).toMatchObject([
      { code: 'CEL01', path: '<nil>', place: 'metadata.name', range: { start: 57, end: 62 } },
    ]);
  });
});

describe('what the server cannot compute is not met', () => {
  const schema = { type: 'object', properties: { num: int, l: { type: 'array', items: int } } };
  test.each(['self.num > 1', 'self.l[4] == 1', '1 / self.l.size() > 0 || self.num > 1'])('%s', (condition) => {
    const [finding] = check(engineFor({ ...schema, ...rule(condition) }), '{l: []}');
    expect(finding?.message).toMatch(/cannot be computed here \(.+\)\. The API server refuses the object\.$/);
  });
});

describe('what a rule says', () => {
  const schema = { type: 'object', properties: { a: int, 'b.c': int } };
  const only = (more: object): Partial<PlacedFinding> | undefined =>
    check(engineFor({ ...schema, ...rule('self.a < 5', more) }), '{a: 7, b.c: 1}')[0];

  test('its message', () => {
    expect(only({ message: 'a must be small' })?.message).toBe('a must be small. The API server refuses the object.');
    expect(only({})?.message).toBe(
      'The condition self.a < 5 of the schema does not hold here. The API server refuses the object.',
    );
  });

  test('a message that is computed, and the other one when it cannot be', () => {
    expect(only({ message: 'no', messageExpression: "'a is ' + string(self.a)" })?.message).toMatch(/^a is 7\. /);
    expect(only({ message: 'no', messageExpression: "'a is ' + self.nothing" })?.message).toMatch(/^no\. /);
  });

  test('without anything that a terminal or an editor would obey', () => {
    expect(only({ message: 'a\u001b[31m\n must\u202e be\u2028small' })?.message).toMatch(/^a \[31m must be small\. /);
  });

  test('its field and its reason', () => {
    expect(only({ fieldPath: '.a', reason: 'FieldValueForbidden' })).toMatchObject({
      path: 'spec.a',
      cause: 'forbidden',
    });
    expect(only({ fieldPath: "['b.c']" })).toMatchObject({ path: 'spec[b.c]', cause: 'invalid' });
  });
});

describe('nothing is said', () => {
  const schema = {
    type: 'object',
    properties: {
      num: int,
      s: text,
      o: { type: 'object', properties: { s: text, num: int } },
      l: { type: 'array', items: text },
      set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    },
  };
  const never = rule('self.num > 100');

  test.each<[title: string, condition: object, value: string]>([
    ['of conditions about changes', rule('self.num == oldSelf.num'), '{num: 1}'],
    ['where the value is filled in later', rule("self.s == 'x'"), '{s: "${S}"}'],
    ['where an item of a list is', rule("'x' in self.l"), '{l: [a, "${S}"]}'],
    ['where a part of what is compared is', rule("has(self.o.num) || self.o.s == 'x'"), '{o: {s: "{{ .Values.s }}"}}'],
    ['where an unknown value could save it', rule("self.s == 'x' || self.num > 1"), '{s: "${S}"}'],
    ['of an object with a wrong type', never, '{num: 1, s: [a]}'],
    ['of lists without an order', rule("self.set == ['b', 'a']"), '{set: [a, b]}'],
    ['of fields the schema does not have', rule('self.x > 1'), '{num: 1}'],
    ['of what cannot be read', rule('self.num >>> 1'), '{num: 1}'],
    ['of functions that are not known', rule('self.num.cube() == 1'), '{num: 1}'],
  ])('%s', (_, condition, value) => {
    expect(findings({ ...schema, ...condition }, value).filter((line) => line.startsWith('CEL'))).toEqual([]);
  });

  test('of a patch or a template', () => {
    const engine = engineFor({ ...schema, ...never });
    expect(check(engine, '{num: 1}')).toHaveLength(1);
    expect(check(engine, '{num: 1}', 'kustomizePatch')).toEqual([]);
    expect(check(engine, '{num: 1}', 'helmTemplate')).toEqual([]);
  });

  test('of a status, which the server throws away', () => {
    const engine = engineFor({ type: 'object' }, { properties: { spec: schema, status: { ...schema, ...never } } });
    expect(check(engine, '{}\nstatus: {num: 1}')).toEqual([]);
  });

  test('without what evaluates conditions', () => {
    const { catalog, settings } = engineFor({ ...schema, ...never }).context;
    expect(check(new LintEngine({ catalog, settings }), '{num: 1}')).toEqual([]);
  });
});

describe('what evaluates conditions', () => {
  const loads = (engine: LintEngine, spec: string): number => {
    let count = 0;
    const { catalog, settings } = engine.context;
    const loadConditions = (): typeof conditionLibrary => {
      count++;
      return conditionLibrary;
    };
    check(new LintEngine({ catalog, settings, loadConditions }), spec);
    return count;
  };
  const properties = { plain: text, odd: { ...text, ...rule("self != ''") } };

  test('is loaded when a value has some', () => {
    expect(loads(engineFor({ type: 'object', properties }), '{plain: a}')).toBe(0);
    expect(loads(engineFor({ type: 'object', properties }), '{odd: a}')).toBe(1);
  });

  test('is not loaded when the server would not come to it', () => {
    expect(loads(engineFor({ type: 'object', properties }), '{odd: a, plain: [b]}')).toBe(0);
  });
});

test('a condition that may do without the object as it was is asked of a new one', () => {
  const schema = { type: 'object', properties: { num: int } };
  const condition = '!oldSelf.hasValue() && self.num > 5';
  expect(findings({ ...schema, ...rule(condition, { optionalOldSelf: true }) }, '{num: 1}')).toEqual(FAILS);
  expect(findings({ ...schema, ...rule(condition, { optionalOldSelf: true }) }, '{num: 7}')).toEqual([]);
  expect(findings({ ...schema, ...rule(condition) }, '{num: 1}')).toEqual([]);
});

describe('what is known decides', () => {
  test.each([
    ['self.a == "x" && self.b == "y"', '{a: z, b: "${B}"}'],
    ['[self.a].all(v, v == "x") && self.b != ""', '{a: z, b: "${B}"}'],
  ])('%s', (condition, value) => {
    expect(findings({ type: 'object', properties: { a: text, b: text }, ...rule(condition) }, value)).toEqual(FAILS);
  });
});

describe('no condition hangs', () => {
  const list = { type: 'array', items: int };
  const loops = (depth: number): string => (depth === 0 ? 'true' : `self.l.all(x${depth}, ${loops(depth - 1)})`);
  const doubling = (depth: number): string =>
    depth === 0
      ? 'self.l.size() > 0'
      : `cel.bind(v${depth}, ${depth === 9 ? 'self.l' : `v${depth + 1}`} + self.l, ${doubling(depth - 1)})`;
  const numbers = `[${Array.from({ length: 500 }, (_, index) => index).join(', ')}]`;

  test.each([
    ['loops in loops', loops(6)],
    ['names that double and double', doubling(9)],
    ['expressions without end', Array<string>(5_000).fill('true').join(' && ')],
    ['parentheses without end', `${'('.repeat(5_000)}true${')'.repeat(5_000)}`],
    [
      'regular expressions that other engines try for ever',
      "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$') || self.l.size() > 0",
    ],
    [
      'long texts and large regular expressions',
      `self.l.all(x, ${JSON.stringify('a'.repeat(5_000))}.matches('(a?){900}b') || true)`,
    ],
    ['searches in loops', 'self.l.all(x, self.l.all(y, y in self.l))'],
    ['texts that grow', `'a'${".replace('a', 'aaaaaaaaaa')".repeat(12)}.size() > 0`],
  ])('%s', (_, condition) => {
    expect(findings({ type: 'object', properties: { l: list }, ...rule(condition) }, `{l: ${numbers}}`)).toEqual([]);
  });
});
