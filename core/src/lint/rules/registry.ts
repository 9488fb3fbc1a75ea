import { serverRules } from '#core/kubernetes/rules/index.ts';
import type { Rule } from '#core/lint/rules/rule.ts';
import { systems } from '#core/systems/registry.ts';

/** Every rule behind the schema: what the API server validates, then what the systems and their operators demand. */
export const rules: readonly Rule[] = [...serverRules, ...systems.flatMap((system) => system.rules)];
