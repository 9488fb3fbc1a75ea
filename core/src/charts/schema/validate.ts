import { isObject } from '#core/json.ts';
import { applicators, keywordSince } from '#core/charts/schema/applicators.ts';
import { assertions } from '#core/charts/schema/assertions.ts';
import {
  SchemaAbstention,
  type MatchPattern,
  type SchemaDraft,
  type SchemaOutcome,
  type SchemaProblem,
  type SchemaRun,
} from '#core/charts/schema/model.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

/** Far above what values of a chart take; a schema that branches without end stops here. */
const STEP_LIMIT = 200_000;
const DEPTH_LIMIT = 200;

const DRAFTS: Readonly<Record<string, SchemaDraft>> = {
  'http://json-schema.org/schema': 2020,
  'http://json-schema.org/draft-04/schema': 4,
  'http://json-schema.org/draft-06/schema': 6,
  'http://json-schema.org/draft-07/schema': 7,
  'https://json-schema.org/draft/2019-09/schema': 2019,
  'https://json-schema.org/draft/2020-12/schema': 2020,
};

/** The draft a schema names; undefined for one that Helm does not know. */
export function draftOf(schema: unknown): SchemaDraft | undefined {
  const named = isObject(schema) ? schema['$schema'] : undefined;
  if (typeof named !== 'string') return 2020;
  const name = named.replace(/#$/, '');
  return DRAFTS[name] ?? DRAFTS[name.replace(/^https:/, 'http:')] ?? DRAFTS[name.replace(/^http:/, 'https:')];
}

/**
 * What a JSON schema says against a value: drafts 4, 6, 7, 2019-09 and 2020-12, as Helm reads them. `format` is not looked at.
 * Undefined where that cannot be told, because the schema refers to a document elsewhere or is too much work.
 */
export function validateBySchema(
  root: unknown,
  value: unknown,
  matches: MatchPattern,
): readonly SchemaProblem[] | undefined {
  const draft = draftOf(root);
  if (draft === undefined) return undefined;
  try {
    return check({ root, draft, matches, steps: STEP_LIMIT }, root, value, [], 0).problems;
  } catch (error) {
    if (error instanceof SchemaAbstention) return undefined;
    throw error;
  }
}

function check(run: SchemaRun, schema: unknown, value: unknown, path: YamlPath, depth: number): SchemaOutcome {
  run.steps -= 1;
  if (run.steps < 0 || depth > DEPTH_LIMIT) throw new SchemaAbstention('too much work');
  const outcome: SchemaOutcome = { problems: [], properties: new Set(), items: 0 };
  if (schema === false) {
    outcome.problems.push({ path, keyword: 'false', message: 'The schema allows nothing here.' });
  }
  if (!isObject(schema)) return outcome;
  const isOnlyReference = run.draft < 2019 && schema['$ref'] !== undefined;
  const one = {
    run,
    schema,
    value,
    path,
    depth,
    outcome,
    apply: (inner: unknown, part: unknown, place: YamlPath) => check(run, inner, part, place, depth + 1),
  };
  for (const [keyword, checkKeyword] of [...assertions, ...applicators]) {
    if ((isOnlyReference && keyword !== '$ref') || run.draft < (keywordSince[keyword] ?? 0)) continue;
    if (schema[keyword] !== undefined) checkKeyword(schema[keyword], one);
  }
  return outcome;
}
