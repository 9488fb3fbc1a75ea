import { dataKey } from '#core/kubernetes/rules/data/DATA01-data-key.ts';
import { tooMuchData } from '#core/kubernetes/rules/data/DATA02-too-much-data.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about ConfigMaps and Secrets. */
export const dataRules: readonly Rule[] = [dataKey, tooMuchData];
