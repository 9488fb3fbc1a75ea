import { isObject, listOf } from '#core/json.ts';
import { describeTypes, describeValue, hasType, type Keyword } from '#core/charts/schema/assertions.ts';
import { SchemaAbstention, type SchemaCheck, type SchemaOutcome } from '#core/charts/schema/model.ts';
import { resolveReference } from '#core/charts/schema/references.ts';
import { listNames } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

/** Keywords that apply other schemas to a value or its parts. Those about what nothing else has looked at come last. */
export const applicators: readonly (readonly [string, Keyword])[] = [
  ['$ref', (wanted, check) => keep(check, check.apply(resolveReference(wanted, check.run), check.value, check.path))],
  [
    '$recursiveRef',
    (wanted, check) => keep(check, check.apply(resolveReference(wanted, check.run), check.value, check.path)),
  ],
  ['$dynamicRef', () => abstain('a dynamic reference')],
  [
    'allOf',
    (wanted, check) => listOf(wanted).forEach((schema) => keep(check, check.apply(schema, check.value, check.path))),
  ],
  ['anyOf', checkAnyOf],
  ['oneOf', checkOneOf],
  ['not', checkNot],
  ['if', checkIf],
  ['properties', checkProperties],
  ['patternProperties', checkPatternProperties],
  ['additionalProperties', checkAdditionalProperties],
  ['propertyNames', checkPropertyNames],
  ['dependencies', checkDependencies],
  ['dependentRequired', checkDependencies],
  ['dependentSchemas', checkDependencies],
  ['prefixItems', (wanted, check) => checkItemsInOrder(listOf(wanted), check)],
  ['items', checkItems],
  ['contains', checkContains],
  ['unevaluatedProperties', checkUnevaluatedProperties],
  ['unevaluatedItems', (wanted, check) => checkItemsFrom(check.outcome.items, wanted, check)],
];

/** Drafts that do not know a keyword yet leave it alone. */
export const keywordSince: Readonly<Record<string, number>> = {
  const: 6,
  contains: 6,
  propertyNames: 6,
  if: 7,
  $recursiveRef: 2019,
  dependentRequired: 2019,
  dependentSchemas: 2019,
  unevaluatedProperties: 2019,
  unevaluatedItems: 2019,
  $dynamicRef: 2020,
  prefixItems: 2020,
};

function abstain(why: string): never {
  throw new SchemaAbstention(why);
}

/** Takes what was found of the same value. */
function keep({ outcome }: SchemaCheck, found: SchemaOutcome): void {
  outcome.problems.push(...found.problems);
  if (found.problems.length === 0) adopt(outcome, found);
}

function adopt(outcome: SchemaOutcome, found: SchemaOutcome): void {
  for (const name of found.properties) outcome.properties.add(name);
  outcome.items = Math.max(outcome.items, found.items);
}

function checkAnyOf(wanted: unknown, check: SchemaCheck): void {
  const outcomes = listOf(wanted).map((schema) => check.apply(schema, check.value, check.path));
  const fitting = outcomes.filter(({ problems }) => problems.length === 0);
  for (const found of fitting) adopt(check.outcome, found);
  if (fitting.length === 0) tellBest('anyOf', listOf(wanted), outcomes, check);
}

function checkOneOf(wanted: unknown, check: SchemaCheck): void {
  const outcomes = listOf(wanted).map((schema) => check.apply(schema, check.value, check.path));
  const fitting = outcomes.filter(({ problems }) => problems.length === 0);
  const [first] = fitting;
  if (first && fitting.length === 1) adopt(check.outcome, first);
  else if (!first) tellBest('oneOf', listOf(wanted), outcomes, check);
  else {
    const message = `The schema describes ${outcomes.length} forms here of which exactly one must fit; ${fitting.length} do.`;
    check.outcome.problems.push({ path: check.path, keyword: 'oneOf', message });
  }
}

/**
 * Of several forms none of which fits, the one is told that the value seems to be meant for: the only one of its type. Where all fail
 * by type, one sentence names all of them.
 */
function tellBest(
  keyword: string,
  schemas: readonly unknown[],
  outcomes: readonly SchemaOutcome[],
  { value, path, outcome }: SchemaCheck,
): void {
  const meant = outcomes.filter(({ problems }) => !problems.some((one) => isTypeProblem(one, path)));
  const [only] = meant;
  if (only && meant.length === 1) {
    outcome.problems.push(...only.problems);
    return;
  }
  const types = schemas.flatMap((schema) => (isObject(schema) ? [schema['type'] ?? []].flat() : []));
  const areTypesTold = meant.length === 0 && types.length > 0 && !types.some((type) => hasType(value, type));
  const message = areTypesTold
    ? `The schema wants ${describeTypes([...new Set(types)])} here; this is ${describeValue(value)}.`
    : `This fits none of the ${outcomes.length} forms that the schema allows here. ${firstMessages(outcomes)}`;
  outcome.problems.push({ path, keyword, message });
}

function isTypeProblem(
  { keyword, path }: { readonly keyword: string; readonly path: readonly unknown[] },
  at: readonly unknown[],
): boolean {
  return keyword === 'type' && path.length === at.length;
}

function firstMessages(outcomes: readonly SchemaOutcome[]): string {
  const messages = [...new Set(outcomes.flatMap(({ problems }) => problems[0]?.message ?? []))];
  return messages.slice(0, 3).join(' Or: ');
}

function checkNot(wanted: unknown, check: SchemaCheck): void {
  if (check.apply(wanted, check.value, check.path).problems.length > 0) return;
  check.outcome.problems.push({
    path: check.path,
    keyword: 'not',
    message: 'The schema says that this must not stand here (not).',
  });
}

function checkIf(wanted: unknown, check: SchemaCheck): void {
  const found = check.apply(wanted, check.value, check.path);
  const holds = found.problems.length === 0;
  if (holds) adopt(check.outcome, found);
  const then = check.schema[holds ? 'then' : 'else'];
  if (then !== undefined) keep(check, check.apply(then, check.value, check.path));
}

function checkProperties(wanted: unknown, check: SchemaCheck): void {
  if (!isObject(wanted) || !isObject(check.value)) return;
  for (const [name, schema] of Object.entries(wanted)) {
    if (Object.hasOwn(check.value, name)) checkProperty(name, schema, check);
  }
}

function checkProperty(name: string, schema: unknown, { value, path, outcome, apply }: SchemaCheck): void {
  if (!isObject(value)) return;
  outcome.properties.add(name);
  outcome.problems.push(...apply(schema, value[name], [...path, name]).problems);
}

function checkPatternProperties(wanted: unknown, check: SchemaCheck): void {
  if (!isObject(wanted) || !isObject(check.value)) return;
  for (const [pattern, schema] of Object.entries(wanted)) {
    for (const name of Object.keys(check.value)) {
      if (matchesName(name, pattern, check)) checkProperty(name, schema, check);
    }
  }
}

function matchesName(name: string, pattern: string, { run }: SchemaCheck): boolean {
  return run.matches(name, pattern) ?? abstain('a regular expression');
}

function checkAdditionalProperties(wanted: unknown, check: SchemaCheck): void {
  const { schema, value } = check;
  if (!isObject(value)) return;
  const named = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const patterns = isObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : [];
  for (const name of Object.keys(value)) {
    if (named.includes(name) || patterns.some((pattern) => matchesName(name, pattern, check))) continue;
    if (wanted === false) tellUnknown(name, named, 'additionalProperties', check);
    else checkProperty(name, wanted, check);
  }
}

function tellUnknown(key: string, known: readonly string[], keyword: string, { path, outcome }: SchemaCheck): void {
  const near = nearestName(key, known);
  const hint =
    near !== undefined
      ? ` Did you mean ${near}?`
      : known.length > 0 && known.length <= 8
        ? ` It knows ${listNames(known, 'and')}.`
        : '';
  const message = `The schema knows no key ${key} here and allows no others.${hint}`;
  outcome.problems.push({ path: [...path, key], keyword, key, message });
}

function checkPropertyNames(wanted: unknown, { value, path, outcome, apply }: SchemaCheck): void {
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const [problem] = apply(wanted, key, path).problems;
    if (problem)
      outcome.problems.push({
        path: [...path, key],
        keyword: 'propertyNames',
        key,
        message: `The key ${key} does not fit. ${problem.message}`,
      });
  }
}

function checkDependencies(wanted: unknown, check: SchemaCheck): void {
  const { value, path, outcome } = check;
  if (!isObject(wanted) || !isObject(value)) return;
  for (const [name, needed] of Object.entries(wanted)) {
    if (!Object.hasOwn(value, name)) continue;
    if (!Array.isArray(needed)) {
      keep(check, check.apply(needed, value, path));
      continue;
    }
    for (const key of needed) {
      if (typeof key !== 'string' || Object.hasOwn(value, key)) continue;
      const message = `The schema wants the key ${key} wherever ${name} stands.`;
      outcome.problems.push({ path, keyword: 'required', key, message });
    }
  }
}

function checkItemsInOrder(schemas: readonly unknown[], { value, path, outcome, apply }: SchemaCheck): void {
  if (!Array.isArray(value)) return;
  for (const [index, schema] of schemas.entries()) {
    if (index < value.length) outcome.problems.push(...apply(schema, value[index], [...path, index]).problems);
  }
  outcome.items = Math.max(outcome.items, schemas.length);
}

/** One schema for all items; before 2020-12 also a list of schemas, with `additionalItems` for the rest. */
function checkItems(wanted: unknown, check: SchemaCheck): void {
  const { schema, run } = check;
  if (Array.isArray(wanted)) {
    if (run.draft === 2020) return;
    checkItemsInOrder(wanted, check);
    if (schema['additionalItems'] !== undefined) checkItemsFrom(wanted.length, schema['additionalItems'], check);
  } else checkItemsFrom(run.draft === 2020 ? listOf(schema['prefixItems']).length : 0, wanted, check);
}

function checkItemsFrom(from: number, schema: unknown, { value, path, outcome, apply }: SchemaCheck): void {
  if (!Array.isArray(value)) return;
  for (let index = from; index < value.length; index++) {
    outcome.problems.push(...apply(schema, value[index], [...path, index]).problems);
  }
  outcome.items = Math.max(outcome.items, value.length);
}

function checkContains(wanted: unknown, { value, path, schema, run, outcome, apply }: SchemaCheck): void {
  if (!Array.isArray(value)) return;
  const fitting = value.filter((item, index) => apply(wanted, item, [...path, index]).problems.length === 0).length;
  const least = run.draft >= 2019 && typeof schema['minContains'] === 'number' ? schema['minContains'] : 1;
  const most = run.draft >= 2019 && typeof schema['maxContains'] === 'number' ? schema['maxContains'] : Infinity;
  if (fitting >= least && fitting <= most) return;
  const message = `The schema wants ${fitting < least ? `at least ${least}` : `at most ${most}`} items of a certain form in this list (contains); it has ${fitting}.`;
  outcome.problems.push({ path, keyword: 'contains', message });
}

function checkUnevaluatedProperties(wanted: unknown, check: SchemaCheck): void {
  const { value, outcome } = check;
  if (!isObject(value) || outcome.problems.length > 0) return;
  for (const name of Object.keys(value)) {
    if (outcome.properties.has(name)) continue;
    if (wanted === false) tellUnknown(name, [...outcome.properties], 'unevaluatedProperties', check);
    else checkProperty(name, wanted, check);
  }
}
