import { disruptionBudget } from '#core/kubernetes/rules/policy/PDB01-disruption-budget.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about what limits others. */
export const policyRules: readonly Rule[] = [disruptionBudget];
