import type { ObjectAddress } from '#core/live/ports.ts';
import { isUntrustedObject } from '#core/live/reading.ts';

/** One object of a cluster, pinned to its context and namespace. */
export interface ObjectTarget {
  readonly kind: 'object';
  readonly context: string;
  readonly address: ObjectAddress;
  /** `Kafka`, `StatefulSet`. */
  readonly apiKind: string;
  /** Of the object that was shown; another one of the same name is another object. */
  readonly uid?: string;
}

/** A pod, or one container of it. */
export interface PodTarget {
  readonly kind: 'pod';
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  /** Absent: the one that runs the system, or the one the user chooses. */
  readonly container?: string;
}

export interface DataClusterTarget {
  readonly kind: 'dataCluster';
  readonly context: string;
  /** As in DataCluster: `kafka/prod/orders`. */
  readonly key: string;
}

export interface NamespaceTarget {
  readonly kind: 'namespace';
  readonly context: string;
  readonly namespace: string;
}

export interface ContextTarget {
  readonly kind: 'context';
  readonly context: string;
}

/** What an action acts on. Everything it needs to find the thing is in it: no action looks at a current context or namespace. */
export type LiveTarget = ObjectTarget | PodTarget | DataClusterTarget | NamespaceTarget | ContextTarget;

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true } as const;

/** The object a target is about; undefined for targets that are no single object. */
export function objectOf(target: LiveTarget): ObjectTarget | undefined {
  if (target.kind === 'object') return target;
  if (target.kind !== 'pod') return undefined;
  const { context, namespace, name, uid } = target;
  const address: ObjectAddress = { ...PODS, namespace, name };
  return { kind: 'object', context, address, apiKind: 'Pod', ...(uid === undefined ? {} : { uid }) };
}

/** The pod a target is; undefined for everything else. */
export function podOf(target: LiveTarget): PodTarget | undefined {
  if (target.kind === 'pod') return target;
  if (target.kind !== 'object' || target.address.plural !== 'pods' || target.address.group !== '') return undefined;
  const { context, address, uid } = target;
  const { namespace, name } = address;
  return { kind: 'pod', context, namespace, name, ...(uid === undefined ? {} : { uid }) };
}

/** The target an argument of a command is, or carries in its `target`, as the rows of the tree do. */
export function readTarget(argument: unknown): LiveTarget | undefined {
  if (isLiveTarget(argument)) return argument;
  const carried = isUntrustedObject(argument) ? argument['target'] : undefined;
  return isLiveTarget(carried) ? carried : undefined;
}

/** The texts each kind of target must have. */
const requiredTexts: Readonly<Record<LiveTarget['kind'], readonly string[]>> = {
  object: ['apiKind'],
  pod: ['namespace', 'name'],
  dataCluster: ['key'],
  namespace: ['namespace'],
  context: [],
};

function isLiveTarget(value: unknown): value is LiveTarget {
  if (!isUntrustedObject(value) || typeof value['context'] !== 'string') return false;
  const kind = value['kind'];
  const texts =
    typeof kind === 'string' ? Object.entries(requiredTexts).find(([name]) => name === kind)?.[1] : undefined;
  if (!texts?.every((name) => typeof value[name] === 'string')) return false;
  return kind !== 'object' || isAddress(value['address']);
}

function isAddress(value: unknown): boolean {
  if (!isUntrustedObject(value) || typeof value['namespaced'] !== 'boolean') return false;
  return ['group', 'version', 'plural', 'namespace', 'name'].every((name) => typeof value[name] === 'string');
}

/** For people: `Kafka orders in the namespace prod`. */
export function describeObject({ address, apiKind }: Pick<ObjectTarget, 'address' | 'apiKind'>): string {
  const where = address.namespace === '' ? '' : ` in the namespace ${address.namespace}`;
  return `${apiKind} ${address.name}${where}`;
}
