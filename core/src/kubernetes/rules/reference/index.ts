import { misspeltReference } from '#core/kubernetes/rules/reference/REF01-misspelt-name.ts';
import { missingKey } from '#core/kubernetes/rules/reference/REF02-missing-key.ts';
import { blocksEveryEviction } from '#core/kubernetes/rules/reference/PDB02-blocks-every-eviction.ts';
import { twoBudgets } from '#core/kubernetes/rules/reference/PDB03-two-budgets.ts';
import { serviceNotHeadless } from '#core/kubernetes/rules/reference/STS18-service-not-headless.ts';
import { selectsNoPods } from '#core/kubernetes/rules/reference/SVC06-selects-no-pods.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** What is wrong between objects, each of which the API server accepts. */
export const referenceRules: readonly Rule[] = [
  misspeltReference,
  missingKey,
  serviceNotHeadless,
  selectsNoPods,
  blocksEveryEviction,
  twoBudgets,
];
