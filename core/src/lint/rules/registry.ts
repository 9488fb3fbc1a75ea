import { serverRules } from '#core/kubernetes/rules/index.ts';
import { configurationRules } from '#core/configuration/rules/index.ts';
import type { Rule } from '#core/lint/rules/rule.ts';
import { migrationRules } from '#core/migrate/rules/index.ts';
import { systems } from '#core/systems/registry.ts';

/**
 * Every rule behind the schema: what the API server validates, then what the systems and their operators demand, then
 * their settings, then what has become of projects and versions.
 */
export const rules: readonly Rule[] = [
  ...serverRules,
  ...systems.flatMap((system) => system.rules),
  ...configurationRules,
  ...migrationRules,
];
