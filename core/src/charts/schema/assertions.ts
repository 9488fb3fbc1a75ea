import { isObject } from '#core/json.ts';
import { SchemaAbstention, type SchemaCheck } from '#core/charts/schema/model.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

/** What a keyword says; its value comes first. */
export type Keyword = (wanted: unknown, check: SchemaCheck) => void;

/** Keywords that look at a value alone, in the order in which people want to hear of them. */
export const assertions: readonly (readonly [string, Keyword])[] = [
  ['type', checkType],
  [
    'const',
    (wanted, check) => allow(check, 'const', isSame(wanted, check.value), () => `Only ${show(wanted)} may stand here.`),
  ],
  ['enum', checkEnum],
  ['multipleOf', onNumber('multipleOf', isMultiple, (limit) => `must be a multiple of ${limit}`)],
  [
    'maximum',
    onNumber(
      'maximum',
      (value, limit, { schema }) => (schema['exclusiveMaximum'] === true ? value < limit : value <= limit),
      (limit) => `may be at most ${limit}`,
    ),
  ],
  [
    'exclusiveMaximum',
    onNumber(
      'exclusiveMaximum',
      (value, limit) => value < limit,
      (limit) => `must be below ${limit}`,
    ),
  ],
  [
    'minimum',
    onNumber(
      'minimum',
      (value, limit, { schema }) => (schema['exclusiveMinimum'] === true ? value > limit : value >= limit),
      (limit) => `must be at least ${limit}`,
    ),
  ],
  [
    'exclusiveMinimum',
    onNumber(
      'exclusiveMinimum',
      (value, limit) => value > limit,
      (limit) => `must be above ${limit}`,
    ),
  ],
  [
    'maxLength',
    onSize(
      'maxLength',
      lengthOf,
      (size, limit) => size <= limit,
      (limit) => `At most ${limit} characters may stand here.`,
    ),
  ],
  [
    'minLength',
    onSize(
      'minLength',
      lengthOf,
      (size, limit) => size >= limit,
      (limit) => (limit === 1 ? 'This text must not be empty.' : `At least ${limit} characters must stand here.`),
    ),
  ],
  ['pattern', checkPattern],
  [
    'maxItems',
    onSize(
      'maxItems',
      countItems,
      (size, limit) => size <= limit,
      (limit) => `This list may have at most ${count(limit, 'item')}.`,
    ),
  ],
  [
    'minItems',
    onSize(
      'minItems',
      countItems,
      (size, limit) => size >= limit,
      (limit) => `This list needs at least ${count(limit, 'item')}.`,
    ),
  ],
  ['uniqueItems', checkUnique],
  [
    'maxProperties',
    onSize(
      'maxProperties',
      countKeys,
      (size, limit) => size <= limit,
      (limit) => `This may have at most ${count(limit, 'key')}.`,
    ),
  ],
  [
    'minProperties',
    onSize(
      'minProperties',
      countKeys,
      (size, limit) => size >= limit,
      (limit) => `This needs at least ${count(limit, 'key')}.`,
    ),
  ],
  ['required', checkRequired],
];

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

export function hasType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return type === typeOf(value);
}

/** The type of a value as JSON Schema names it. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function describeTypes(types: readonly unknown[]): string {
  return listNames(types.map((type) => TYPE_NAMES[String(type)] ?? String(type)));
}

export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `the string ${quoteText(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return TYPE_NAMES[typeOf(value)] ?? 'null';
}

function checkType(wanted: unknown, check: SchemaCheck): void {
  const types: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  const fits = types.some((type) => hasType(check.value, type));
  allow(
    check,
    'type',
    fits,
    () => `The schema wants ${describeTypes(types)} here; this is ${describeValue(check.value)}.`,
  );
}

function checkEnum(wanted: unknown, check: SchemaCheck): void {
  if (!Array.isArray(wanted)) return;
  const fits = wanted.some((one) => isSame(one, check.value));
  allow(check, 'enum', fits, () => {
    const names = wanted.map(show);
    const near =
      typeof check.value === 'string'
        ? nearestName(
            check.value,
            wanted.filter((one) => typeof one === 'string'),
          )
        : undefined;
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    return `${show(check.value)} is not a supported value.${hint} Supported: ${listNames(names)}.`;
  });
}

function onNumber(
  keyword: string,
  fits: (value: number, limit: number, check: SchemaCheck) => boolean,
  tell: (limit: number) => string,
): Keyword {
  return (wanted, check) => {
    if (typeof wanted !== 'number' || typeof check.value !== 'number') return;
    allow(
      check,
      keyword,
      fits(check.value, wanted, check),
      () => `This number ${tell(wanted)}; it is ${String(check.value)}.`,
    );
  };
}

function onSize(
  keyword: string,
  measure: (value: unknown) => number | undefined,
  fits: (size: number, limit: number) => boolean,
  tell: (limit: number) => string,
): Keyword {
  return (wanted, check) => {
    const size = measure(check.value);
    if (typeof wanted === 'number' && size !== undefined) allow(check, keyword, fits(size, wanted), () => tell(wanted));
  };
}

function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined;
}

function countItems(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function countKeys(value: unknown): number | undefined {
  return isObject(value) ? Object.keys(value).length : undefined;
}

function checkPattern(wanted: unknown, check: SchemaCheck): void {
  if (typeof wanted !== 'string' || typeof check.value !== 'string') return;
  const fits = check.run.matches(check.value, wanted);
  if (fits === undefined) throw new SchemaAbstention('a regular expression');
  allow(
    check,
    'pattern',
    fits,
    () => `${show(check.value)} does not match the pattern ${wanted} that the schema demands.`,
  );
}

function checkUnique(wanted: unknown, check: SchemaCheck): void {
  if (wanted !== true || !Array.isArray(check.value)) return;
  const texts = check.value.map(stableText);
  const second = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  if (second < 0) return;
  check.outcome.problems.push({
    path: [...check.path, second],
    keyword: 'uniqueItems',
    message: 'This item is in the list already, and the schema wants no item twice.',
  });
}

function checkRequired(wanted: unknown, { value, path, outcome }: SchemaCheck): void {
  if (!Array.isArray(wanted) || !isObject(value)) return;
  for (const key of wanted) {
    if (typeof key !== 'string' || Object.hasOwn(value, key)) continue;
    outcome.problems.push({ path, keyword: 'required', key, message: `The schema wants the key ${key} here.` });
  }
}

function allow(check: SchemaCheck, keyword: string, fits: boolean, tell: () => string): void {
  if (!fits) check.outcome.problems.push({ path: check.path, keyword, message: tell() });
}

function isSame(a: unknown, b: unknown): boolean {
  return stableText(a) === stableText(b);
}

function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

export function show(value: unknown): string {
  return quoteText(typeof value === 'string' ? value : JSON.stringify(value)).replace(
    /^"(.*)"$/s,
    (quoted: string, inner: string) => (typeof value === 'string' ? quoted : inner),
  );
}

function count(limit: number, what: string): string {
  return limit === 1 ? `1 ${what}` : `${limit} ${what}s`;
}
