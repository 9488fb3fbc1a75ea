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
