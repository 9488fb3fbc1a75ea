import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const TFJOB = 'kubeflow.org/TFJob';

const CURRENT_VERSION = 'v1';

/** Roles TensorFlow knows; Master is the older name of Chief. */
export const ROLES: readonly string[] = ['Chief', 'Master', 'Worker', 'PS', 'Evaluator'];

export interface ReplicaView {
  /** As written: `Worker`, `worker`. */
  readonly key: string;
  /** The role it is read as; undefined when there is no such role. */
  readonly role: string | undefined;
  readonly view: NodeView;
  readonly pod: NodeView;
  /** How many there are, one when nothing is said; undefined when it cannot be known. */
  readonly count: number | undefined;
}

/** The replicas of a TFJob of today's version; none for the versions before, whose jobs nobody runs any more. */
export function replicasOf({ kind, spec }: ObjectView): readonly ReplicaView[] {
  if (kind.version !== CURRENT_VERSION) return [];
  return spec.field('tfReplicaSpecs').fields.map((view) => {
    const key = String(view.step);
    const replicas = view.field('replicas');
    return {
      key,
      role: roleOf(key),
      view,
      pod: view.at('template', 'spec'),
      count: replicas.isPresent ? replicas.integer : replicas.isAbsent ? 1 : undefined,
    };
  });
}

/** The operator does not look at the case of a key. */
export function roleOf(key: string): string | undefined {
  return ROLES.find((role) => role.toLowerCase() === key.toLowerCase());
}

/** Whether no other replicas can come in by a template or a patch. */
export function areReplicasKnown({ spec }: ObjectView): boolean {
  return !spec.field('tfReplicaSpecs').isOpen;
}

export function isCurrent({ kind }: ObjectView): boolean {
  return kind.version === CURRENT_VERSION;
}
