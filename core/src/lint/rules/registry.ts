import { serverRules } from '#core/kubernetes/rules/index.ts';
import { configurationRules } from '#core/configuration/rules/index.ts';
import type { Rule } from '#core/lint/rules/rule.ts';
import { systems } from '#core/systems/registry.ts';

/** Every rule behind the schema: what the API server validates, then what the systems and their operators demand, then their settings. */
export const rules: readonly Rule[] = [
  ...serverRules,
  ...systems.flatMap((system) => system.rules),
  ...configurationRules,
];
