import { nameMissing } from '#core/kubernetes/rules/metadata/META01-name-missing.ts';
import { malformedName } from '#core/kubernetes/rules/metadata/META02-malformed-name.ts';
import { namespace } from '#core/kubernetes/rules/metadata/META03-namespace.ts';
import { malformedLabel } from '#core/kubernetes/rules/metadata/META04-malformed-label.ts';
import { malformedAnnotation } from '#core/kubernetes/rules/metadata/META05-malformed-annotation.ts';
import { ownerOrFinalizer } from '#core/kubernetes/rules/metadata/META06-owner-or-finalizer.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about the metadata of objects of any kind. */
export const metadataRules: readonly Rule[] = [
  nameMissing,
  malformedName,
  namespace,
  malformedLabel,
  malformedAnnotation,
  ownerOrFinalizer,
];
