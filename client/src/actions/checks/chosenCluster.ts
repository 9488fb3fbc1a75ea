import type { LiveAccess, WorkspaceState } from '#client/actions/deps.ts';
import { chooseDefinitions } from '#core/live/clusterDefinitions.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import type { ClusterSchemas } from '#core/protocol.ts';
import type { Log } from '#core/ports.ts';

const STATE_KEY = 'dataClusters.clusterForChecks';

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
} as const;

export interface ChosenClusterParts {
  readonly access: Pick<LiveAccess, 'clusterOf' | 'connectedContexts' | 'onDidChangeViews'>;
  readonly state: WorkspaceState;
  /** API groups that stand in the manifests of the workspace, as far as they are open. */
  readonly groups: () => ReadonlySet<string>;
  /** Tells the language server; null for no cluster. */
  readonly tell: (schemas: ClusterSchemas | null) => Promise<void>;
  readonly log: Log;
}

/**
 * The cluster that manifests of this workspace are checked against. The choice is remembered; what the cluster says is read when it is
 * chosen, and in a later window when the user connects it: nothing is contacted for a choice of yesterday.
 */
export class ChosenCluster {
  readonly #parts: ChosenClusterParts;
  readonly #watching: { stop(): void };
  #schemas: ClusterSchemas | undefined;
  #reading: string | undefined;

  constructor(parts: ChosenClusterParts) {
    this.#parts = parts;
    this.#watching = parts.access.onDidChangeViews(() => this.#readWhenConnected());
  }

  /** Name of the context; undefined when none is chosen. */
  get context(): string | undefined {
    const value = this.#parts.state.get(STATE_KEY);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** Whether what the cluster says is used now. */
  get isRead(): boolean {
    return this.#schemas !== undefined;
  }

  /** Remembers a cluster and reads it; undefined for none. @throws ClusterProblem, and then the choice is as it was */
  async choose(context: string | undefined): Promise<ClusterSchemas | undefined> {
    const schemas = context === undefined ? undefined : await this.#read(context);
    await this.#parts.state.update(STATE_KEY, context);
    await this.#use(schemas);
    return schemas;
  }

  /** A server that has just been started knows nothing yet. */
  async tellAgain(): Promise<void> {
    if (this.#schemas) await this.#parts.tell(this.#schemas);
  }

  stop(): void {
    this.#watching.stop();
  }

  #readWhenConnected(): void {
    const { context } = this;
    const { access, log } = this.#parts;
    if (context === undefined || this.#schemas || this.#reading === context) return;
    if (!access.connectedContexts().includes(context)) return;
    this.#reading = context;
    this.#read(context)
      .then(async (schemas) => (this.context === context ? this.#use(schemas) : undefined))
      .catch((error: unknown) => log.warn(`The definitions of ${context} could not be read: ${String(error)}`));
  }

  async #use(schemas: ClusterSchemas | undefined): Promise<void> {
    this.#schemas = schemas;
    this.#reading = undefined;
    await this.#parts.tell(schemas ?? null);
  }

  async #read(context: string): Promise<ClusterSchemas> {
    const { access, groups, log } = this.#parts;
    const cluster = await access.clusterOf(context);
    const [version, objects] = await Promise.all([cluster.version(), listDefinitions(cluster, log)]);
    const { definitions, problems } = chooseDefinitions(objects, groups());
    for (const problem of problems) log.warn(`Definitions of ${context}: ${problem}.`);
    return { context, kubernetesVersion: version.minor, definitions };
  }
}

/** The version alone is worth something where definitions may not be listed. */
async function listDefinitions(cluster: Cluster, log: Log): Promise<readonly JsonObject[]> {
  try {
    return await cluster.list(DEFINITIONS);
  } catch (error) {
    if (!(error instanceof ClusterProblem) || (error.kind !== 'forbidden' && error.kind !== 'absent')) throw error;
    log.warn(
      `The definitions of ${cluster.context.name} may not be listed; only its version is used: ${error.message}`,
    );
    return [];
  }
}
