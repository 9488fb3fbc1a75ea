import type { Environment } from '@marcbachmann/cel-js';
import { UNKNOWN } from '#core/lint/cel/abstain.ts';
import { makeEnvironment } from '#core/lint/cel/environment.ts';
import { compileExpression, type Compilation, type CompiledExpression } from '#core/lint/cel/compile.ts';
import type { ConditionFailure, ConditionLibrary, ConditionSite, IsTemplated } from '#core/lint/cel/conditions.ts';
import { costOf } from '#core/lint/cel/cost.ts';
import { renewWork } from '#core/lint/cel/functions/registration.ts';
import { matchesPattern } from '#core/lint/cel/functions/text.ts';
import { subjectOf } from '#core/lint/cel/subject.ts';
import { findObstacle } from '#core/lint/cel/typing.ts';
import { toCelValue, type Conversion, type ValueSize } from '#core/lint/cel/values.ts';
import type { CelRule, SchemaNode } from '#core/schema/node.ts';

/** Steps that all conditions of one object may take together; about a second of work. */
const STEP_LIMIT = 3_000_000;

/** Steps that regular expressions and searches may take besides. */
const WORK_LIMIT = 30_000_000;

let environment: Environment | undefined;

/** Made when the first condition is met. */
function theEnvironment(): Environment {
  return (environment ??= makeEnvironment());
}

const compilations = new WeakMap<SchemaNode, Map<CelRule, Compilation>>();

/** A condition of a schema, read once. */
function compile(rule: CelRule, schema: SchemaNode, isRoot: boolean): Compilation {
  const known = compilations.get(schema) ?? new Map<CelRule, Compilation>();
  compilations.set(schema, known);
  const earlier = known.get(rule);
  if (earlier) return earlier;
  const compilation = compileExpression(theEnvironment(), rule.rule);
  const obstacle = 'obstacle' in compilation ? undefined : findObstacle(compilation.ast, schema, isRoot);
  const made = obstacle === undefined ? compilation : { obstacle };
  known.set(rule, made);
  return made;
}

export const conditionLibrary: ConditionLibrary = {
  findFailures: (sites, isTemplated) => {
    const budget = { left: STEP_LIMIT };
    renewWork(WORK_LIMIT);
    return sites.flatMap((site) => checkSite(site, isTemplated, budget));
  },
  matchesPattern,
  explainUnchecked: (rule, schema) => {
    const compilation = compile(rule, schema, isObjectRoot(schema));
    return 'obstacle' in compilation ? compilation.obstacle : undefined;
  },
};

/** Only objects have both. */
function isObjectRoot(schema: SchemaNode): boolean {
  return schema.property('apiVersion') !== undefined && schema.property('kind') !== undefined;
}

function checkSite(
  site: ConditionSite,
  isTemplated: IsTemplated,
  budget: { left: number },
): readonly ConditionFailure[] {
  const { schema } = site;
  const isRoot = isObjectRoot(schema);
  const rules = (schema.raw['x-kubernetes-validations'] ?? []).flatMap((rule) => {
    const compilation = compile(rule, schema, isRoot);
    const isRun = !('obstacle' in compilation) && (!compilation.readsOldSelf || rule.optionalOldSelf === true);
    return isRun ? [{ rule, compilation }] : [];
  });
  if (rules.length === 0) return [];
  const size: ValueSize = { items: 0, text: 0 };
  const self = toCelValue(site.node, schema, { isTemplated, make, size }, isRoot);
  if (self === UNKNOWN) return [];
  return rules.flatMap(({ rule, compilation }) => {
    budget.left -= costOf(compilation.shape, size);
    return budget.left < 0 ? [] : checkRule(rule, compilation, { site, self, size });
  });
}

/** A value that conditions are asked about. */
interface Subject {
  readonly site: ConditionSite;
  readonly self: unknown;
  readonly size: ValueSize;
}

function checkRule(rule: CelRule, compilation: CompiledExpression, subject: Subject): readonly ConditionFailure[] {
  const outcome = compilation.evaluate(subject.self);
  if (outcome.kind === 'unknown' || (outcome.kind === 'value' && outcome.value !== false)) return [];
  const problem = outcome.kind === 'failed' ? outcome.problem : undefined;
  const message = messageOf(rule, subject);
  return [{ site: subject.site, rule, problem, message, subject: subjectOf(compilation.ast) }];
}

const MESSAGE_LIMIT = 5_000;

/** What the rule computes as its message goes before what it says in any case. */
function messageOf({ message, messageExpression }: CelRule, { self, size }: Subject): string | undefined {
  if (messageExpression === undefined) return message;
  const compilation = compileExpression(theEnvironment(), messageExpression);
  const isCheap = !('obstacle' in compilation) && costOf(compilation.shape, size) < STEP_LIMIT;
  const outcome = isCheap ? compilation.evaluate(self) : undefined;
  const text = outcome?.kind === 'value' && typeof outcome.value === 'string' ? outcome.value.trim() : '';
  return text !== '' && text.length < MESSAGE_LIMIT && !text.includes('\n') ? text : message;
}

const make: Conversion['make'] = (type, text) => {
  const compilation = compileExpression(theEnvironment(), type === 'duration' ? 'duration(self)' : 'timestamp(self)');
  const outcome = 'obstacle' in compilation ? undefined : compilation.evaluate(text);
  return outcome?.kind === 'value' ? outcome.value : undefined;
};
