import type { JsonObject } from '#core/json.ts';
import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import type { HelmPort } from '#core/live/helm/program.ts';
import type { PodHttp, PodHttpAccess } from '#core/live/podHttp.ts';
import type { Cancellation, Log } from '#core/ports.ts';

/**
 * How core meets live clusters. The implementations are in client/src/cluster and are built into a file of their own, which the
 * editor and the command line load on first use; test/support has a fake of each.
 */

/** Stops what it stands for; harmless when called again. */
export interface Stoppable {
  stop(): void;
}

/** Time as an argument. Milliseconds since 1970 and in durations. */
export interface Clock {
  now(): number;
  /** Calls once, later; a stopped one is never called. */
  after(milliseconds: number, call: () => void): Stoppable;
}

/** Why a cluster does not answer as asked. The texts of servers are untrusted: shown as plain text only. */
export type ClusterProblemKind =
  /** The kubeconfig or its context is missing or cannot be read. */
  | 'configuration'
  /** The login plugin is missing, failed or took too long. */
  | 'login'
  /** 401 after a fresh login. */
  | 'unauthenticated'
  /** 403. */
  | 'forbidden'
  /** 404: neither the object nor the kind. */
  | 'absent'
  /** 409: somebody else changed or owns it. */
  | 'conflict'
  /** 422 or 400: the server refuses the object; see causes. */
  | 'invalid'
  /** 429 or 503 with Retry-After. */
  | 'busy'
  /** No connection: refused, reset, name not found, timed out. */
  | 'unreachable'
  /** The certificate of the server or of the client is not accepted. */
  | 'certificate'
  | 'cancelled'
  /** Anything else the server answers, 500 and the like. */
  | 'server';

export interface ProblemCause {
  /** Path as the server prints it: `spec.replicas`. */
  readonly field: string;
  readonly message: string;
  readonly reason: string;
}

/**
 * The only error that a cluster port rejects with. The message says what happened, why, and what to do. Each bundle has a
 * copy of this class, so what an instance is is told by its name: `instanceof` holds for the problems of all of them.
 */
export class ClusterProblem extends Error {
  static override [Symbol.hasInstance](value: unknown): value is ClusterProblem {
    return value instanceof Error && value.name === 'ClusterProblem' && 'kind' in value;
  }

  readonly kind: ClusterProblemKind;
  readonly status: number | undefined;
  readonly causes: readonly ProblemCause[];
  /** From Retry-After. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ClusterProblemKind,
    message: string,
    details: { status?: number; causes?: readonly ProblemCause[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'ClusterProblem';
    this.kind = kind;
    this.status = details.status;
    this.causes = details.causes ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** One context of the kubeconfig files, as it is before anything is contacted. */
export interface ContextSummary {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  /** Of the context; `default` when it names none. */
  readonly namespace: string;
  /** Address of the API server; empty when the kubeconfig names none. */
  readonly server: string;
  readonly isCurrent: boolean;
  /** A simulation inside this program, always labelled as such. */
  readonly isDemo: boolean;
  /** Why the context cannot be used, as one sentence. */
  readonly problem?: string;
}

/** One kind as the server serves it. */
export interface ApiResource {
  readonly group: string;
  /** The version that is used: the preferred one among those we know. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Every version that is served, preferred first. */
  readonly versions: readonly string[];
}

/** The kind of object meant: enough to make its URL. */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ObjectAddress extends ResourceKind {
  /** Empty for objects that belong to no namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** JSON as the server sent it, not yet trusted. */
export type { JsonObject };

export interface WatchQuery extends ResourceKind {
  /** Absent: all namespaces, or no namespace. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only metadata travels and arrives: for Secrets, ConfigMaps, CustomResourceDefinitions. */
  readonly metadataOnly?: boolean;
}

/**
 * What a list and watch tells. After every `reset` come all objects that exist, then `synced`; after that single changes.
 * A `synced` without a `reset` follows `interrupted` when the connection is back and nothing was missed.
 */
export type WatchEvent =
  | { readonly type: 'reset' }
  | { readonly type: 'put'; readonly object: JsonObject }
  | { readonly type: 'remove'; readonly object: JsonObject }
  | { readonly type: 'synced' }
  /** The connection is lost and will be tried again after `retryInMs`; what was told stays as it is. */
  | { readonly type: 'interrupted'; readonly problem: ClusterProblem; readonly retryInMs: number }
  /** Over for good: forbidden, absent, or no login. */
  | { readonly type: 'ended'; readonly problem: ClusterProblem };

export interface ServerVersion {
  /** `1.34`. */
  readonly minor: string;
  /** `v1.34.4`. */
  readonly gitVersion: string;
}

/** What a SelfSubjectAccessReview asks. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** Plural, with the subresource where there is one: `pods/exec`. */
  readonly resource: string;
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
}

export interface AccessAnswer {
  readonly isAllowed: boolean;
  readonly reason: string;
}

export interface ContainerAddress {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecRequest extends ContainerAddress {
  readonly command: readonly string[];
  readonly stdin?: string;
  /** The command reads no more lines than there are, so that it need not be told of their end: API servers before 1.30 cannot. */
  readonly isStdinOpenEnded?: boolean;
  readonly timeoutMs: number;
  /** Output beyond this is cut; default 4 MB. */
  readonly maxBytes?: number;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly isCut: boolean;
}

/** A shell with a terminal. */
export interface ShellSession extends Stoppable {
  write(data: string): void;
  resize(columns: number, rows: number): void;
}

export interface ShellHandlers {
  readonly output: (data: string) => void;
  /** Undefined when the connection broke. */
  readonly ended: (exitCode: number | undefined, message: string) => void;
}

export interface LogRequest extends ContainerAddress {
  readonly follow: boolean;
  /** Of the container before its last restart. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Each line begins with its RFC 3339 time and a blank. */
  readonly timestamps?: boolean;
}

export interface LogHandlers {
  /** Whole lines without their line ends. */
  readonly lines: (lines: readonly string[]) => void;
  readonly ended: (problem: ClusterProblem | undefined) => void;
}

export interface ForwardRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** 0 or absent: any free one. */
  readonly localPort?: number;
}

/** A listener on 127.0.0.1 whose connections end in a port of a pod. */
export interface Forward extends Stoppable {
  readonly localPort: number;
  onDidEnd(listener: (problem: ClusterProblem | undefined) => void): Stoppable;
  /** One connection did not reach the port, and why; the forward goes on. Absent: it is not told. */
  onDidRefuse?(listener: (problem: ClusterProblem) => void): Stoppable;
}

export interface WriteOptions {
  /** The server checks and answers as if, and keeps nothing. */
  readonly dryRun?: boolean;
  /** Server-side apply only: take over fields that another manager owns. */
  readonly force?: boolean;
  /** Merge patch only: the part of the object that is written by itself, where its kind has one. */
  readonly subresource?: 'status';
}

/** Our name where the server keeps who owns a field. */
export const FIELD_MANAGER = 'data-clusters';

/** One API server as one context sees it. Every method rejects with a ClusterProblem and with nothing else. */
export interface Cluster {
  readonly context: ContextSummary;
  version(cancellation?: Cancellation): Promise<ServerVersion>;
  /** Uid of the namespace kube-system: the identity of a cluster; undefined when it may not be read. */
  identity(): Promise<string | undefined>;
  /** Every kind that is served; groups whose discovery fails are left out and named in `failed`. */
  resources(): Promise<{ readonly resources: readonly ApiResource[]; readonly failed: readonly string[] }>;
  /** Lists in pages and watches until stopped; survives broken connections, 410, expired logins and sleep. */
  watch(query: WatchQuery, listener: (event: WatchEvent) => void): Stoppable;
  /** All pages. */
  list(query: WatchQuery, cancellation?: Cancellation): Promise<readonly JsonObject[]>;
  get(address: ObjectAddress): Promise<JsonObject>;
  create(kind: ResourceKind, object: JsonObject, options?: WriteOptions): Promise<JsonObject>;
  /** Server-side apply with FIELD_MANAGER. */
  apply(address: ObjectAddress, object: JsonObject, options?: WriteOptions): Promise<JsonObject>;
  /** Merge patch (RFC 7386); include metadata.resourceVersion or uid to make it conditional. */
  mergePatch(address: ObjectAddress, patch: JsonObject, options?: WriteOptions): Promise<JsonObject>;
  replace(address: ObjectAddress, object: JsonObject, options?: WriteOptions): Promise<JsonObject>;
  delete(address: ObjectAddress, options?: WriteOptions & { readonly uid?: string }): Promise<void>;
  /** The Eviction API, so that disruption budgets are asked; 429 is a problem of kind `busy`. */
  evict(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    options?: WriteOptions,
  ): Promise<void>;
  /** Cached per question for a minute. */
  can(question: AccessQuestion): Promise<AccessAnswer>;
  /** Rejects only when the command cannot be run; any exit code is a result. */
  exec(request: ExecRequest, cancellation?: Cancellation): Promise<ExecResult>;
  shell(address: ContainerAddress, command: readonly string[], handlers: ShellHandlers): Promise<ShellSession>;
  logs(request: LogRequest, handlers: LogHandlers): Stoppable;
  forward(request: ForwardRequest): Promise<Forward>;
  /** A connection to Kafka's own admin API through the pods; see core/src/systems/kafka/admin.ts for what it can do. */
  kafka(access: KafkaAccess): Promise<KafkaConnection>;
  /** A connection to the CQL port of one node, made by one OPTIONS round trip, which needs no login. */
  cql(access: CqlAccess, cancellation?: Cancellation): Promise<CqlConnection>;
  /** A tunnel to a port of a pod at which HTTP is spoken, such as that of a management API. */
  http(access: PodHttpAccess): Promise<PodHttp>;
  /** What Helm's releases are read, written and rolled back with; absent where nothing of it is to be had. */
  readonly helm?: HelmPort;
  dispose(): void;
}

/** A broker or controller as it is reached: by a port of its pod, whatever it advertises. */
export interface KafkaBrokerAddress {
  readonly nodeId: number;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

export interface KafkaCredentials {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaAccess {
  readonly brokers: readonly KafkaBrokerAddress[];
  readonly tls?: {
    /** PEM. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** The name each broker's certificate is checked for; the pod's DNS name as a rule. */
    readonly serverNameOf: (nodeId: number) => string;
  };
  readonly credentials?: KafkaCredentials;
}

/** Requests of Kafka's protocol, each sent to one broker; see client/src/cluster/kafka for the versions. */
export interface KafkaConnection extends Stoppable {
  /** Sends one admin request; shapes are in core/src/systems/kafka/admin.ts. Rejects with a ClusterProblem. */
  request(nodeId: number, api: string, body: JsonObject): Promise<JsonObject>;
}

/** Where clusters come from. */
export interface ClusterDirectory extends Stoppable {
  /** Reads the kubeconfig files; contacts nothing and runs nothing. */
  contexts(): Promise<readonly ContextSummary[]>;
  /** Files were changed, appeared or vanished. */
  onDidChange(listener: () => void): Stoppable;
  /** The one connection of a context; made on first use. @throws ClusterProblem of kind `configuration` */
  open(context: string): Promise<Cluster>;
}

export interface DirectoryOptions {
  /** Files the user has chosen, asked at every reading. None: those of KUBECONFIG, else ~/.kube/config. */
  readonly kubeconfigPaths: () => readonly string[];
  /** HOME, KUBECONFIG, the proxy variables; login plugins get all of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Notice changed files until stopped; a command that ends soon has no use for it. */
  readonly watchFiles: boolean;
  /** How long a login plugin may take; somebody may have to use a browser meanwhile. Default two minutes. */
  readonly execTimeoutMs?: number;
  /** Default: that of the machine. */
  readonly clock?: Clock;
  /** From 0 to below 1. Default: that of the machine. */
  readonly chance?: () => number;
  /** What a running login plugin tells the user, such as a code for the browser: untrusted plain text. */
  readonly onLoginMessage?: (user: string, text: string) => void;
}

/** What dist/kubernetes.cjs exports; the editor and the command line load it on first use. */
export interface KubernetesModule {
  createClusterDirectory(this: void, options: DirectoryOptions): ClusterDirectory;
}
