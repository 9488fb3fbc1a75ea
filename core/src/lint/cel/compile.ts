import { EvaluationError, Optional, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { AbstainError, ConditionError } from '#core/lint/cel/abstain.ts';
import { shapeOf, type ConditionShape } from '#core/lint/cel/cost.ts';
import { MATCHES } from '#core/lint/cel/functions/text.ts';
import { everythingIn, callOf } from '#core/lint/cel/syntax.ts';

export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The server finds the same problem and counts the condition as not met. */
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'unknown' };

/** An expression that can be evaluated here. */
export interface CompiledExpression {
  readonly ast: ASTNode;
  readonly shape: ConditionShape;
  /** Whether it compares with the object as it was before. */
  readonly readsOldSelf: boolean;
  /** On an object that is new. */
  evaluate(self: unknown): Outcome;
}

export type Compilation = CompiledExpression | { readonly obstacle: string };

/** Functions of the evaluator that do not do what the server's do. */
const DOUBTFUL: ReadonlySet<string> = new Set(['getDayOfYear', 'json', 'hex', 'base64', 'at']);

const LENGTH_LIMIT = 20_000;

export function compileExpression(environment: Environment, text: string): Compilation {
  if (text.length > LENGTH_LIMIT) return { obstacle: 'it is too long' };
  try {
    const parsed = environment.parse(text);
    const all = everythingIn(parsed.ast);
    const doubtful = all.find((node) => DOUBTFUL.has(callOf(node)?.name ?? ''));
    if (doubtful) return { obstacle: `the function ${callOf(doubtful)?.name ?? ''} is not known here` };
    for (const node of all) redirectMatches(node);
    const { valid, error } = parsed.check();
    if (!valid) return { obstacle: error?.summary ?? 'it cannot be read here' };
    return {
      ast: parsed.ast,
      shape: shapeOf(parsed.ast),
      readsOldSelf: all.some((node) => node.op === 'id' && node.args === 'oldSelf'),
      evaluate: (self) => run(() => parsed({ self, oldSelf: Optional.none() })),
    };
  } catch (error) {
    return {
      obstacle: error instanceof Error && 'summary' in error ? String(error.summary) : 'it cannot be read here',
    };
  }
}

/** The evaluator's own function takes regular expressions of JavaScript. */
function redirectMatches(node: ASTNode): void {
  if ((node.op === 'call' || node.op === 'rcall') && node.args[0] === 'matches') node.args[0] = MATCHES;
}

/** Errors that the server has at the same place; any other one may be ours alone. */
const SHARED_ERRORS: ReadonlySet<string> = new Set([
  'no_such_key',
  'index_out_of_bounds',
  'division_by_zero',
  'modulo_by_zero',
  'numeric_overflow',
  'optional_value_missing',
]);

function run(evaluate: () => unknown): Outcome {
  const abstentions = AbstainError.count;
  try {
    return { kind: 'value', value: evaluate() };
  } catch (error) {
    if (AbstainError.count !== abstentions) return { kind: 'unknown' };
    if (error instanceof ConditionError) return { kind: 'failed', problem: error.message };
    if (!(error instanceof EvaluationError) || !SHARED_ERRORS.has(error.code)) return { kind: 'unknown' };
    return { kind: 'failed', problem: error.summary.replace(/^./, (first) => first.toLowerCase()) };
  }
}
