import type { LiveContainer } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { DefinitionView, OperatorView } from '#core/live/view.ts';

/** What an operator consists of, read from the cluster when somebody opens its page. Nothing of it is watched. */

/** What is asked of a cluster for it: reading, and nothing else. */
export type ReadAccess = Pick<Cluster, 'get' | 'list' | 'logs'>;

/** The operator that is looked at, as the watch shows it. */
export interface OperatorSubject {
  readonly operator: OperatorView;
  /** Definitions of its kinds that are here. */
  readonly definitions: readonly DefinitionView[];
  /** Namespaces that may be looked at one by one; undefined when all may be listed at once. */
  readonly namespaces: readonly string[] | undefined;
}

/** A part that is read by itself: what may not be read is shown in its place, and nowhere else. */
export type Part<Value> =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly value: Value }
  /** The reason is what the server said; untrusted text. */
  | { readonly kind: 'unread'; readonly isForbidden: boolean; readonly reason: string };

/** What it runs as. */
export interface ControllerAnatomy {
  readonly serviceAccount: string;
  readonly containers: readonly LiveContainer[];
  /** Its pods, newest first. */
  readonly pods: readonly ControllerPod[];
  /** `RollingUpdate`, `Recreate`. */
  readonly strategy: string;
}

export interface ControllerPod {
  readonly name: string;
  readonly node: string;
  readonly isReady: boolean;
  readonly createdAt: number | undefined;
  /** Containers that were started again after they had ended. */
  readonly restarted: readonly string[];
}

/** Who leads among its replicas, by the leases of its namespace that one of its pods holds or has held. */
export interface LeaseAnatomy {
  readonly name: string;
  readonly holder: string;
  /** Name of the pod, when the holder is one of those that are there. */
  readonly pod: string | undefined;
  readonly renewedAt: number | undefined;
  /** How long a holder that no longer renews it is waited for. */
  readonly lengthMs: number | undefined;
}

export interface DefinitionAnatomy {
  readonly name: string;
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly DefinitionVersion[];
  /** `status.storedVersions`: versions in which objects have ever been written. */
  readonly stored: readonly string[];
  /** `None`, `Webhook`. */
  readonly conversion: string;
  /** The service that converts; undefined when none does. */
  readonly converter: ServiceName | undefined;
  /** What stands behind it; absent when none converts. */
  readonly converters?: Endpoints;
  readonly isEstablished: boolean;
  readonly isBeingDeleted: boolean;
}

export interface DefinitionVersion {
  readonly name: string;
  readonly isServed: boolean;
  readonly isStorage: boolean;
  readonly isDeprecated: boolean;
}

/** Addresses behind a service that are ready; `no service` when it is not there; undefined when neither may be read. */
export type Endpoints = number | 'no service' | undefined;

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** How many objects of a kind there are. */
export interface ObjectCount {
  readonly definition: string;
  readonly kind: string;
  /** By namespace; empty name for those of none. */
  readonly byNamespace: ReadonlyMap<string, number>;
  /** Counted in the namespaces that are looked at, not in all. */
  readonly isPartial: boolean;
}

/** What its ServiceAccount may do. */
export interface PermissionAnatomy {
  readonly account: string;
  readonly grants: readonly Grant[];
  /** What could not be read, a sentence each; then nothing is said to be missing. */
  readonly limits: readonly string[];
}

/** A role that is bound to it. */
export interface Grant {
  /** `ClusterRoleBinding strimzi-cluster-operator`. */
  readonly binding: string;
  /** `ClusterRole strimzi-cluster-operator-global`. */
  readonly role: string;
  /** Where it holds; undefined for everywhere. */
  readonly namespace: string | undefined;
  /** Undefined when the role is not there or may not be read. */
  readonly rules: readonly GrantRule[] | undefined;
}

export interface GrantRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/** One webhook that the API server asks at the operator's service. */
export interface WebhookAnatomy {
  readonly type: 'validating' | 'mutating';
  /** Of the configuration object. */
  readonly configuration: string;
  readonly name: string;
  readonly service: ServiceName;
  /** `Fail`, `Ignore`. */
  readonly failurePolicy: string;
  /** `create, update sparkapplications.sparkoperator.k8s.io`, one for each rule. */
  readonly rules: readonly string[];
  /** Plurals it is asked about, without subresources. */
  readonly resources: readonly string[];
  /** It looks at some objects or namespaces only. */
  readonly isSelective: boolean;
  /** Without it the API server trusts only well-known authorities. */
  readonly hasAuthority: boolean;
  readonly endpoints: Endpoints;
}

/** A line of its log that tells an error, with all that say the same. */
export interface ErrorLine {
  readonly text: string;
  readonly pod: string;
  readonly count: number;
  /** When it was first written, among the lines that were looked at. */
  readonly firstAt: number | undefined;
  /** When it was last written. */
  readonly at: number | undefined;
}

export interface ErrorAnatomy {
  /** Newest first. */
  readonly lines: readonly ErrorLine[];
  /** Lines that were looked at. */
  readonly looked: number;
  /** Pods whose log could not be read, a sentence each. */
  readonly limits: readonly string[];
}

export interface OperatorAnatomy {
  readonly controller: Part<ControllerAnatomy>;
  readonly leases: Part<readonly LeaseAnatomy[]>;
  readonly definitions: Part<readonly DefinitionAnatomy[]>;
  readonly counts: Part<readonly ObjectCount[]>;
  readonly permissions: Part<PermissionAnatomy>;
  readonly webhooks: Part<readonly WebhookAnatomy[]>;
  readonly errors: Part<ErrorAnatomy>;
  /** When reading began. */
  readonly askedAt: number;
}
