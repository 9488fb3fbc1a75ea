import { describe, expect, test } from 'vitest';
import { compileExpression } from '#core/lint/cel/compile.ts';
import { makeEnvironment } from '#core/lint/cel/environment.ts';
import { expressions, unjudged } from '#test/core/lint/cel/expressions.ts';

const environment = makeEnvironment();

function outcomeOf(expression: string): unknown {
  const compilation = compileExpression(environment, expression);
  if ('obstacle' in compilation) return compilation.obstacle;
  const outcome = compilation.evaluate(null);
  if (outcome.kind === 'value') return outcome.value;
  return outcome.kind === 'failed' ? 'error' : 'unknown';
}

describe.each(Object.entries(expressions))('%s', (_, rows) => {
  test.each(rows)('%s is %s', (expression, value) => {
    expect(outcomeOf(expression)).toBe(value);
  });
});

test.each(unjudged)('%s is %s', (expression, value) => {
  expect(outcomeOf(expression)).toBe(value);
});

describe('what cannot be evaluated is said, and nothing is guessed', () => {
  test.each([
    ['self.list.transformList(i, v, v)', /Unknown variable|overload/],
    ['authorizer.group("a")', /authorizer/],
    ['self.', /./],
    ['has({"a": 1}.a)', /has/],
    ['timestamp("2024-01-01T00:00:00Z").getDayOfYear() == 0', /getDayOfYear/],
  ])('%s', (expression, reason) => {
    expect(outcomeOf(expression)).toMatch(reason);
  });

  test.each([
    '"a".substring(9) == ""',
    '"a".matches("(")',
    '"a".matches(self)',
    'semver("v1.2", true).major() == 1',
    'isURL("//a/b")',
  ])('%s has no known outcome', (expression) => {
    expect(outcomeOf(expression)).toBe('unknown');
  });
});
