import { valueAt } from '#core/json.ts';
import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import type { HelmPort } from '#core/live/helm/program.ts';
import { helmWithoutProgram } from '#client/cluster/helm/helmPort.ts';
import type { PodHttp, PodHttpAccess } from '#core/live/podHttp.ts';
import {
  ClusterProblem,
  type AccessAnswer,
  type AccessQuestion,
  type ApiResource,
  type Cluster,
  type ContainerAddress,
  type ContextSummary,
  type ExecRequest,
  type ExecResult,
  type Forward,
  type ForwardRequest,
  type JsonObject,
  type KafkaAccess,
  type KafkaConnection,
  type LogHandlers,
  type LogRequest,
  type ObjectAddress,
  type ResourceKind,
  type ServerVersion,
  type ShellHandlers,
  type ShellSession,
  type Stoppable,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { FakeObjects, keyOf, nameOf, namespaceIn } from '#test/support/fakeObjects.ts';
import { mergedPatch } from '#test/support/fakeWrites.ts';

const testContext: ContextSummary = {
  name: 'test',
  cluster: 'test',
  user: 'tester',
  namespace: 'default',
  server: 'https://cluster.invalid',
  isCurrent: true,
  isDemo: false,
};

export interface RecordedWrite {
  readonly verb: 'create' | 'apply' | 'patch' | 'replace' | 'delete' | 'evict';
  readonly address: ObjectAddress;
  readonly body: JsonObject | undefined;
  readonly options: WriteOptions & { readonly uid?: string };
}

/** A cluster in memory: tests put objects, take rights away, break connections, and answer for what runs in pods. */
export class FakeCluster extends FakeObjects implements Cluster {
  readonly context: ContextSummary;
  serverVersion: ServerVersion = { minor: '1.34', gitVersion: 'v1.34.1' };
  clusterId: string | undefined = 'uid-of-kube-system';
  failedGroups: readonly string[] = [];
  onExec: (request: ExecRequest) => ExecResult | Promise<ExecResult> = () => {
    throw new ClusterProblem('unreachable', 'Nothing runs in this container.');
  };
  onKafka: (access: KafkaAccess) => KafkaConnection | Promise<KafkaConnection> = () => {
    throw new ClusterProblem('unreachable', 'No broker answers.');
  };
  onCql: (access: CqlAccess) => CqlConnection | Promise<CqlConnection> = ({ pod }) => {
    throw new ClusterProblem('unreachable', `Nothing answers at the CQL port of ${pod}.`);
  };
  onHttp: (access: PodHttpAccess) => PodHttp | Promise<PodHttp> = () => {
    throw new ClusterProblem('unreachable', 'Nothing listens at this port.');
  };
  onLogs: (request: LogRequest, handlers: LogHandlers) => void = (_request, handlers) => handlers.ended(undefined);
  onShell: (address: ContainerAddress, handlers: ShellHandlers) => ShellSession = () => {
    throw new ClusterProblem('unreachable', 'Nothing runs in this container.');
  };
  onForward: (request: ForwardRequest) => Forward = ({ port, localPort }) => ({
    localPort: localPort === undefined || localPort === 0 ? port + 10_000 : localPort,
    onDidEnd: () => ({ stop: () => undefined }),
    stop: () => undefined,
  });
  /** Releases can be read and written; there is no program unless a test says so. */
  helm: HelmPort = helmWithoutProgram('The program helm is not on the PATH of this program.');
  readonly writes: RecordedWrite[] = [];
  readonly execs: ExecRequest[] = [];
  /** How often discovery was asked. */
  discoveries = 0;
  isDisposed = false;

  constructor(context: Partial<ContextSummary> = {}) {
    super();
    this.context = { ...testContext, ...context };
  }

  async version(): Promise<ServerVersion> {
    this.demand();
    return this.serverVersion;
  }

  async identity(): Promise<string | undefined> {
    this.demand();
    return this.clusterId;
  }

  async resources(): Promise<{ readonly resources: readonly ApiResource[]; readonly failed: readonly string[] }> {
    this.discoveries += 1;
    this.demand();
    return { resources: this.served, failed: this.failedGroups };
  }

  async list(query: WatchQuery): Promise<readonly JsonObject[]> {
    this.demand('list', query);
    return this.matching(query);
  }

  async get(address: ObjectAddress): Promise<JsonObject> {
    this.demand('get', address);
    return this.find(address);
  }

  async create(kind: ResourceKind, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    const address = { ...kind, namespace: namespaceIn(kind, object), name: nameOf(object) };
    this.demand('create', address);
    if (this.stored(address)) throw conflict(`${address.name} already exists`);
    return this.write('create', address, object, object, options);
  }

  async apply(address: ObjectAddress, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    this.demand('patch', address);
    const current = this.stored(address);
    return this.write('apply', address, object, mergedPatch(current, object), options);
  }

  async mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    this.demand('patch', address);
    const current = this.find(address);
    rejectStale(current, patch);
    return this.write('patch', address, patch, mergedPatch(current, patch), options);
  }

  async replace(address: ObjectAddress, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    this.demand('update', address);
    rejectStale(this.find(address), object);
    return this.write('replace', address, object, object, options);
  }

  async delete(address: ObjectAddress, options: WriteOptions & { readonly uid?: string } = {}): Promise<void> {
    this.demand('delete', address);
    const current = this.find(address);
    if (options.uid !== undefined && valueAt(current, 'metadata', 'uid') !== options.uid) throw conflict('another uid');
    this.writes.push({ verb: 'delete', address, body: undefined, options });
    if (options.dryRun !== true) this.drop(keyOf(address, address.namespace, address.name));
  }

  async evict(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    options: WriteOptions = {},
  ): Promise<void> {
    const address = { ...PODS, namespace: pod.namespace, name: pod.name };
    this.demand('create', { ...address, plural: 'pods/eviction' });
    if (valueAt(this.find(address), 'metadata', 'uid') !== pod.uid) throw conflict('another uid');
    this.writes.push({ verb: 'evict', address, body: undefined, options });
    if (options.dryRun !== true) this.drop(keyOf(address, address.namespace, address.name));
  }

  async can(question: AccessQuestion): Promise<AccessAnswer> {
    this.demand();
    const isAllowed = !this.isForbidden(question);
    return { isAllowed, reason: isAllowed ? '' : 'no role allows it' };
  }

  async exec(request: ExecRequest): Promise<ExecResult> {
    this.demand('create', { ...PODS, plural: 'pods/exec', namespace: request.namespace });
    this.execs.push(request);
    return this.onExec(request);
  }

  async shell(address: ContainerAddress, _command: readonly string[], handlers: ShellHandlers): Promise<ShellSession> {
    this.demand('create', { ...PODS, plural: 'pods/exec', namespace: address.namespace });
    return this.onShell(address, handlers);
  }

  logs(request: LogRequest, handlers: LogHandlers): Stoppable {
    let isStopped = false;
    queueMicrotask(() => {
      if (!isStopped) this.onLogs(request, handlers);
    });
    return { stop: () => void (isStopped = true) };
  }

  async forward(request: ForwardRequest): Promise<Forward> {
    this.demand('create', { ...PODS, plural: 'pods/portforward', namespace: request.namespace });
    return this.onForward(request);
  }

  async kafka(access: KafkaAccess): Promise<KafkaConnection> {
    this.demand();
    return this.onKafka(access);
  }

  async cql(access: CqlAccess): Promise<CqlConnection> {
    this.demand('create', { ...PODS, plural: 'pods/portforward', namespace: access.namespace });
    return this.onCql(access);
  }

  async http(access: PodHttpAccess): Promise<PodHttp> {
    this.demand('create', { ...PODS, plural: 'pods/portforward', namespace: access.namespace });
    return this.onHttp(access);
  }

  dispose(): void {
    this.isDisposed = true;
    this.watches.clear();
  }

  private write(
    verb: RecordedWrite['verb'],
    address: ObjectAddress,
    body: JsonObject,
    result: JsonObject,
    options: WriteOptions,
  ): JsonObject {
    this.writes.push({ verb, address, body, options });
    return options.dryRun === true ? result : this.store(address, result);
  }
}

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true } as const;

function rejectStale(current: JsonObject, wanted: JsonObject): void {
  for (const field of ['resourceVersion', 'uid']) {
    const asked = valueAt(wanted, 'metadata', field);
    if (asked !== undefined && asked !== valueAt(current, 'metadata', field))
      throw conflict(`the object has another ${field}`);
  }
}

const conflict = (why: string): ClusterProblem => new ClusterProblem('conflict', why, { status: 409 });
