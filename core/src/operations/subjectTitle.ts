import { systemTitle } from '#core/live/tree/titles.ts';
import type { OperationTarget } from '#core/operations/model.ts';

/** What an operation is about, as people know it: `Kafka`, `TrainJob`, `Helm release`. */
export function subjectTitle({ system, anchor }: Pick<OperationTarget, 'system' | 'anchor'>): string {
  if (system === 'kubernetes') return 'Kubernetes node';
  return system === 'helm' ? 'Helm release' : systemTitle(system, anchor.kind);
}
