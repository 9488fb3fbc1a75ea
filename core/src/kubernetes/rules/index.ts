import { containerRules } from '#core/kubernetes/rules/container/index.ts';
import { workloadRules } from '#core/kubernetes/rules/workload/index.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** What the API server validates behind the schema. */
export const serverRules: readonly Rule[] = [...workloadRules, ...containerRules];
