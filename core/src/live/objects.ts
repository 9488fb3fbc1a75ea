/** Objects of a live cluster, decoded to what is shown and judged: times in milliseconds since 1970, absent texts empty. */

export interface OwnerLink {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly isController: boolean;
}

export interface ObjectMeta {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly generation: number | undefined;
  readonly createdAt: number | undefined;
  /** Set while the object is being deleted. */
  readonly deletedAt: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Without `kubectl.kubernetes.io/last-applied-configuration`. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerLink[];
}

export interface LiveCondition {
  readonly type: string;
  /** `True`, `False`, `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly changedAt: number | undefined;
}

export interface LiveContainerPort {
  readonly name: string;
  readonly port: number;
}

/** From the spec of a pod or of a template. */
export interface LiveContainer {
  readonly name: string;
  readonly image: string;
  /** Command and arguments, joined by blanks. */
  readonly command: string;
  /** Literal values, and the namespace where a variable is filled with it; a value from elsewhere is undefined. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly ports: readonly LiveContainerPort[];
  readonly mounts: readonly { readonly volume: string; readonly path: string }[];
  readonly hasReadinessProbe: boolean;
  /** Command of the preStop hook, joined by blanks; empty when there is none. */
  readonly preStop: string;
}

export interface ContainerEnd {
  readonly exitCode: number;
  readonly signal: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export interface ContainerState {
  readonly name: string;
  readonly isInit: boolean;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown';
  /** Why it waits: `CrashLoopBackOff`, `ImagePullBackOff`. */
  readonly waitingReason: string;
  readonly waitingMessage: string;
  readonly runningSince: number | undefined;
  readonly ended: ContainerEnd | undefined;
  readonly lastEnd: ContainerEnd | undefined;
}

export interface PodVolume {
  readonly name: string;
  readonly source: 'claim' | 'configMap' | 'secret' | 'emptyDir' | 'hostPath' | 'other';
  /** Name of the claim, ConfigMap or Secret. */
  readonly target: string;
}

export interface LivePod {
  readonly kind: 'Pod';
  readonly meta: ObjectMeta;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly node: string;
  readonly ip: string;
  readonly isReady: boolean;
  readonly conditions: readonly LiveCondition[];
  readonly containers: readonly LiveContainer[];
  readonly states: readonly ContainerState[];
  readonly volumes: readonly PodVolume[];
  /** ConfigMaps and Secrets that variables come from. */
  readonly references: readonly { readonly kind: 'ConfigMap' | 'Secret'; readonly name: string }[];
  readonly serviceAccount: string;
  readonly graceSeconds: number;
}

/** StatefulSet, Deployment, ReplicaSet, DaemonSet. */
export interface LiveWorkload {
  readonly kind: 'StatefulSet' | 'Deployment' | 'DaemonSet';
  readonly meta: ObjectMeta;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  readonly currentRevision: string;
  readonly updateRevision: string;
  readonly observedGeneration: number | undefined;
  readonly selector: Readonly<Record<string, string>>;
  readonly templateLabels: Readonly<Record<string, string>>;
  readonly templateAnnotations: Readonly<Record<string, string>>;
  readonly containers: readonly LiveContainer[];
  readonly volumes: readonly PodVolume[];
  readonly serviceName: string;
  readonly updateStrategy: string;
  readonly partition: number;
  readonly podManagementPolicy: string;
  /** Number of the first pod of a StatefulSet (`spec.ordinals.start`); absent: 0. */
  readonly firstOrdinal?: number;
  readonly claimTemplates: readonly string[];
  readonly conditions: readonly LiveCondition[];
}

export interface LiveService {
  readonly kind: 'Service';
  readonly meta: ObjectMeta;
  readonly type: string;
  readonly clusterIp: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly LiveContainerPort[];
  readonly publishesNotReady: boolean;
}

export interface LiveClaim {
  readonly kind: 'PersistentVolumeClaim';
  readonly meta: ObjectMeta;
  /** `Pending`, `Bound`, `Lost`. */
  readonly phase: string;
  readonly volume: string;
  readonly storageClass: string;
  /** As the server prints it: `10Gi`; what is there, else what is asked for. */
  readonly size: string;
}

export interface LiveBudget {
  readonly kind: 'PodDisruptionBudget';
  readonly meta: ObjectMeta;
  readonly selector: Readonly<Record<string, string>>;
  readonly minAvailable: string;
  readonly maxUnavailable: string;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
}

/** A node of Kubernetes. */
export interface LiveNode {
  readonly kind: 'Node';
  readonly meta: ObjectMeta;
  readonly isReady: boolean;
  readonly isSchedulable: boolean;
  readonly zone: string;
  readonly conditions: readonly LiveCondition[];
}

/** Metadata of a Secret, ConfigMap or CustomResourceDefinition; never their data. */
export interface LiveMetadata {
  readonly kind: 'Metadata';
  readonly of: 'Secret' | 'ConfigMap' | 'CustomResourceDefinition' | 'Namespace';
  readonly meta: ObjectMeta;
}

/**
 * An object of a kind of the systems or of JobSet; spec and status as the server sent them, to be read with care. What an old kind has
 * beside its spec (`datacenter` of Instaclustr) is read as if it stood in it.
 */
export interface LiveCustom {
  readonly kind: 'Custom';
  readonly group: string;
  readonly version: string;
  readonly customKind: string;
  readonly meta: ObjectMeta;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}

/** What happened lately, as the server keeps it for an hour. */
export interface LiveEvent {
  readonly kind: 'Event';
  readonly meta: ObjectMeta;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly at: number | undefined;
  readonly about: { readonly kind: string; readonly name: string; readonly uid: string };
}

export type LiveObject =
  LivePod | LiveWorkload | LiveService | LiveClaim | LiveBudget | LiveNode | LiveMetadata | LiveCustom | LiveEvent;

/**
 * Everything that is known of one namespace. Lists are sorted by name; a list that may not be read is empty and named in `hidden`.
 */
export interface NamespaceObjects {
  readonly namespace: string;
  readonly pods: readonly LivePod[];
  readonly workloads: readonly LiveWorkload[];
  readonly services: readonly LiveService[];
  readonly claims: readonly LiveClaim[];
  readonly budgets: readonly LiveBudget[];
  /** Those that belong to no namespace, `ClusterTrainingRuntime`, stand after those of this one. */
  readonly customs: readonly LiveCustom[];
  /** Secrets of Helm only. */
  readonly helmSecrets: readonly LiveMetadata[];
  /** Nodes of the whole cluster by name; empty when they may not be read. */
  readonly nodes: ReadonlyMap<string, LiveNode>;
  /** Plurals that could not be listed here: `services`. Health abstains from what it cannot know. */
  readonly hidden: ReadonlySet<string>;
}
