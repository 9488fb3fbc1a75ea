import type { PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** A term of a pod affinity or anti-affinity, and the item with its weight when it is only preferred. */
export interface AffinityTerm {
  readonly term: NodeView;
  readonly preferred: NodeView | undefined;
}

/** All terms of the pod affinity and the pod anti-affinity. */
export function affinityTerms({ spec }: PodView): readonly AffinityTerm[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((name) => {
    const affinity = spec.at('affinity', name);
    const required = affinity.field('requiredDuringSchedulingIgnoredDuringExecution').items;
    const preferred = affinity.field('preferredDuringSchedulingIgnoredDuringExecution').items;
    return [
      ...required.map((term) => ({ term, preferred: undefined })),
      ...preferred.map((item) => ({ term: item.field('podAffinityTerm'), preferred: item })),
    ];
  });
}
