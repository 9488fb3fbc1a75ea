import type { LiveMemberRole } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { isUntrustedObject, numberAt, objectAt, textAt } from '#core/live/reading.ts';

/** One replica type of a TFJob. */
export interface ReplicaSpec {
  /** As pods are named: lower case. */
  readonly type: string;
  readonly role: LiveMemberRole;
  readonly replicas: number;
  /** `Never`, `OnFailure`, `Always`, `ExitCode`. */
  readonly restartPolicy: string;
}

interface ReplicaType {
  readonly type: string;
  readonly role: LiveMemberRole;
  readonly one: string;
  readonly several: string;
}

/** In the order in which people think of them: who leads, who holds the parameters, who works, who looks on. */
const replicaTypes: readonly ReplicaType[] = [
  { type: 'chief', role: 'chief', one: 'chief', several: 'chiefs' },
  { type: 'master', role: 'chief', one: 'master', several: 'masters' },
  { type: 'ps', role: 'ps', one: 'PS', several: 'PS' },
  { type: 'worker', role: 'worker', one: 'worker', several: 'workers' },
  { type: 'evaluator', role: 'evaluator', one: 'evaluator', several: 'evaluators' },
  { type: 'eval', role: 'evaluator', one: 'evaluator', several: 'evaluators' },
];

export function roleOfType(type: string): LiveMemberRole {
  return replicaTypes.find((known) => known.type === type)?.role ?? 'replica';
}

/** `2 PS`, `1 worker`. */
export function nameReplicas(count: number, type: string): string {
  const known = replicaTypes.find((candidate) => candidate.type === type);
  return `${count} ${count === 1 ? (known?.one ?? type) : (known?.several ?? type)}`;
}

export function compareTypes(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : Number(a > b));
}

function rankOf(type: string): number {
  const rank = replicaTypes.findIndex((known) => known.type === type);
  return rank < 0 ? replicaTypes.length : rank;
}

/**
 * What a TFJob asks for, by type. v1alpha1 has a list with types in capitals, everything later a map; the operator takes keys in any
 * case. Source: the defaults of training-operator 1.9 and of tf-operator 0.1.
 */
export function readReplicaSpecs({ spec }: LiveCustom): readonly ReplicaSpec[] {
  const old = spec['replicaSpecs'];
  const specs = Array.isArray(old)
    ? old
        .filter(isUntrustedObject)
        .map((value) => readSpec(textAt(value, 'tfReplicaType') || 'MASTER', value, 'OnFailure'))
    : Object.entries(objectAt(spec, 'tfReplicaSpecs')).map(([type, value]) => readSpec(type, value, 'Never'));
  return specs.toSorted((a, b) => compareTypes(a.type, b.type));
}

function readSpec(key: string, value: unknown, usualPolicy: string): ReplicaSpec {
  const type = messageText(key, 63).toLowerCase();
  const replicas = Math.max(0, Math.floor(numberAt(value, 'replicas') ?? 1));
  return { type, role: roleOfType(type), replicas, restartPolicy: textAt(value, 'restartPolicy') || usualPolicy };
}

/** What happens to a job as a whole. The first v1 and everything before wrote it directly under spec. */
export interface RunPolicy {
  readonly cleanPodPolicy: string;
  readonly deadlineSeconds: number | undefined;
  readonly backoffLimit: number | undefined;
  readonly keptSeconds: number | undefined;
  readonly managedBy: string;
  readonly isSuspended: boolean;
}

export function readRunPolicy({ spec, version }: Pick<LiveCustom, 'spec' | 'version'>): RunPolicy {
  const policy = { ...spec, ...objectAt(spec, 'runPolicy') };
  return {
    cleanPodPolicy: textAt(policy, 'cleanPodPolicy') || (version === 'v1' ? 'None' : 'Running'),
    deadlineSeconds: numberAt(policy, 'activeDeadlineSeconds'),
    backoffLimit: numberAt(policy, 'backoffLimit'),
    keptSeconds: numberAt(policy, 'ttlSecondsAfterFinished'),
    managedBy: textAt(policy, 'managedBy'),
    isSuspended: policy['suspend'] === true,
  };
}
