import { createRequire } from 'node:module';
import type { ConditionLibrary } from '#core/lint/cel/conditions.ts';

const load = createRequire(import.meta.url);

/** In `dist` the evaluator of conditions is a file beside the programs; in the sources it is a module of core. */
const file = import.meta.url.endsWith('.ts') ? '#core/lint/cel/library.ts' : './conditions.cjs';

let library: ConditionLibrary | undefined;

/** Loads the evaluator of conditions when the first document needs it, so that no start has to wait for it. */
export function loadConditions(): ConditionLibrary {
  return (library ??= readModule(load(file)));
}

function readModule(module: unknown): ConditionLibrary {
  if (!isLibraryModule(module)) throw new Error(`${file} is broken`);
  return module.conditionLibrary;
}

function isLibraryModule(module: unknown): module is { readonly conditionLibrary: ConditionLibrary } {
  return typeof module === 'object' && module !== null && 'conditionLibrary' in module;
}
