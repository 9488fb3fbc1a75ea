import type { DataCluster, Health, InsideFacts, LiveMember, StoryMoment } from '#core/live/model.ts';
import type { LiveClaim, LiveEvent, LiveMetadata, LiveWorkload } from '#core/live/objects.ts';
import type { ClusterProblem, ServerVersion, Stoppable } from '#core/live/ports.ts';

export interface JudgedMember {
  readonly member: LiveMember;
  readonly health: Health;
}

/** A data cluster with its verdict; the same object as long as nothing about it changes, so that it can be compared by identity. */
export interface JudgedCluster {
  readonly cluster: DataCluster;
  readonly health: Health;
  readonly members: readonly JudgedMember[];
  readonly inside: InsideFacts | undefined;
}

/** One revision of a release, from the labels of its Secret; the contents are read when they are asked for. */
export interface HelmRevision {
  readonly revision: number;
  /** `deployed`, `superseded`, `failed`, `pending-upgrade`. */
  readonly status: string;
  readonly modifiedAt: number | undefined;
  readonly secret: string;
  /** Of that object. A release that is installed again under its name has other ones. */
  readonly uid: string;
  /** Of that object; another one after every write. */
  readonly resourceVersion: string;
  /** Kept in a ConfigMap of that name instead, as Helm does with HELM_DRIVER=configmap. */
  readonly isConfigMap?: boolean;
}

/** The Secret or ConfigMap that keeps a revision, also when it is no longer there. */
export interface StoredRevision extends Pick<HelmRevision, 'uid' | 'isConfigMap'> {
  readonly namespace: string;
}

export interface HelmRelease {
  readonly namespace: string;
  readonly name: string;
  /** Newest first, never empty. */
  readonly revisions: readonly HelmRevision[];
  readonly health: Health;
}

/** An operator of one of the systems, by its Deployment. */
export interface OperatorView {
  readonly namespace: string;
  readonly name: string;
  /** For people: `Strimzi Cluster Operator`. */
  readonly title: string;
  readonly flavour: string;
  readonly version: string;
  /** Namespaces it watches; empty for all; undefined when it does not say. */
  readonly watches: readonly string[] | undefined;
  readonly workload: LiveWorkload;
  readonly health: Health;
}

/** A CustomResourceDefinition of one of the systems. */
export interface DefinitionView {
  readonly name: string;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly versions: readonly string[];
  readonly flavour: string;
}

/** Something that may not be read, and what that costs. */
export interface AccessLimit {
  readonly verb: string;
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** What the server said; untrusted text. */
  readonly reason: string;
}

/** Everything one context shows, whole at every time; rendered, never changed. */
export interface ContextView {
  readonly phase: 'connecting' | 'live' | 'interrupted' | 'failed';
  /** Why it is interrupted or failed. */
  readonly problem: ClusterProblem | undefined;
  readonly version: ServerVersion | undefined;
  /** The namespaces that are watched one by one; undefined when all are watched at once. */
  readonly namespaces: readonly string[] | undefined;
  /** By namespace, system, name. */
  readonly clusters: readonly JudgedCluster[];
  readonly releases: readonly HelmRelease[];
  readonly operators: readonly OperatorView[];
  readonly definitions: readonly DefinitionView[];
  readonly limits: readonly AccessLimit[];
}

export interface ContextChange {
  /** Keys of the data clusters that are new, changed or gone. */
  readonly keys: ReadonlySet<string>;
  /** Phase, limits, releases, operators or definitions changed. */
  readonly rest: boolean;
}

/** A context that is watched; see core/src/live/session.ts. */
export interface ContextWatch extends Stoppable {
  readonly view: ContextView;
  onDidChange(listener: (change: ContextChange) => void): Stoppable;
  /** Resolves when everything that may be read has been read once, or when it is known that nothing can be. */
  readonly ready: Promise<void>;
  /** Asks the system itself, now; its answer becomes part of the view. One question per cluster at a time. */
  inspect(key: string): Promise<void>;
  /** Asks again every so often until stopped. */
  keepInspecting(key: string, everyMs: number): Stoppable;
  /** What has happened to a data cluster that is a job, oldest first; empty for all others. @param events about it, as far as they are known */
  story(key: string, events: readonly LiveEvent[]): readonly StoryMoment[];
  /** Events about a data cluster and its objects, newest last; watched while somebody listens. */
  watchEvents(key: string, listener: (events: readonly LiveEvent[]) => void): Stoppable;
  /**
   * Whether what kept a revision has been deleted, as far as it is known now. False for whatever is only out of sight: a connection is
   * broken, a list is coming in, or a right was taken away.
   */
  isGone(stored: StoredRevision): boolean;
  /** Objects a row may be asked about that are not part of a data cluster. */
  readonly others: { readonly claims: readonly LiveClaim[]; readonly secrets: readonly LiveMetadata[] };
}
