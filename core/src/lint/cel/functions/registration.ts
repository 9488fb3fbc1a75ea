import type { Environment } from '@marcbachmann/cel-js';
import { AbstainError } from '#core/lint/cel/abstain.ts';

/** Functions of one library of Kubernetes, by their signatures. Arguments have the types that the signature says. */
export type FunctionTable = Readonly<Record<string, (...values: never[]) => unknown>>;

export function registerAll(environment: Environment, table: FunctionTable): void {
  for (const [signature, handler] of Object.entries(table)) {
    environment.registerFunction(signature, handler, { async: false });
  }
}

/** Longest text a function may make; beyond, the condition is not followed any further. */
const TEXT_LIMIT = 1_000_000;

export function bounded(text: string): string {
  if (text.length > TEXT_LIMIT) throw new AbstainError('a text grows too long');
  return text;
}

/** Work that functions may do together until it is renewed; what exceeds it is not followed any further. */
const work = { left: Infinity };

export function renewWork(steps: number): void {
  work.left = steps;
}

/** Counts work that grows faster than the evaluator's own steps tell. */
export function spend(steps: number): void {
  work.left -= steps;
  if (work.left < 0) throw new AbstainError('the condition takes too long');
}
