import type {
  Clock,
  Cluster,
  ClusterDirectory,
  ContextSummary,
  DirectoryOptions,
  Stoppable,
} from '#core/live/ports.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Log } from '#core/ports.ts';
import type { OpenCluster } from './api/cluster.ts';
import { createConnections } from './connections.ts';
import { demoCql, demoKafka, startDemo, type Demo } from './demo/index.ts';
import { helmWithoutProgram } from './helm/helmPort.ts';
import type { Kubeconfig } from './kubeconfig/entries.ts';
import { readKubeconfig } from './kubeconfig/readKubeconfig.ts';
import { resolveContext, summarizeContexts } from './kubeconfig/summaries.ts';

/** The same for everybody, so that two people see the same demo. */
const SEED = 1;

export interface DemoDirectoryOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A directory with the simulated cluster, which starts when its contexts are asked for. It is reached like any other, over the loopback
 * interface, without proxies and without login plugins; its contexts say that they are a simulation.
 */
export function createDemoDirectory(options: DemoDirectoryOptions): ClusterDirectory {
  return new DemoDirectory(options);
}

interface Running {
  readonly demo: Demo;
  readonly config: Kubeconfig;
}

class DemoDirectory implements ClusterDirectory {
  readonly #options: DemoDirectoryOptions;
  readonly #connections: ReturnType<typeof createConnections>;
  readonly #stopped = new AbortController();
  readonly #open = new Map<string, OpenCluster>();
  #running: Promise<Running> | undefined;

  constructor(options: DemoDirectoryOptions) {
    const { clock, log } = options;
    const plain: DirectoryOptions = { kubeconfigPaths: () => [], environment: {}, log, watchFiles: false };
    this.#options = options;
    this.#connections = createConnections(plain, clock, this.#stopped.signal);
  }

  async contexts(): Promise<readonly ContextSummary[]> {
    const { config } = await this.#start();
    return summarizeContexts(config).map((summary) => ({ ...summary, isCurrent: false, isDemo: true }));
  }

  /** The simulation has one context from its beginning to its end. */
  onDidChange(): Stoppable {
    return { stop: () => undefined };
  }

  async open(name: string): Promise<Cluster> {
    const { config, demo } = await this.#start();
    const known = this.#open.get(name);
    if (known) return known.cluster;
    const resolved = resolveContext(config, name);
    if (this.#stopped.signal.aborted || resolved === undefined || typeof resolved === 'string') {
      throw new ClusterProblem('configuration', 'The simulation has ended. Open the demo cluster again.');
    }
    const summary: ContextSummary = { ...resolved.summary, isCurrent: false, isDemo: true };
    const opened = this.#connections.connect({ ...resolved, summary }, () => this.#open.delete(name));
    // Pods of a simulation have no ports, so what is inside them answers here and not through a tunnel.
    const helm = helmWithoutProgram('The cluster is a simulation, so the program helm is not used.');
    const inside = { kafka: demoKafka(demo.simulation), cql: demoCql(demo.simulation), helm };
    const cluster: Cluster = { ...opened.cluster, context: summary, ...inside };
    this.#open.set(name, { ...opened, cluster });
    return cluster;
  }

  stop(): void {
    const ended = new ClusterProblem('cancelled', 'The simulation has ended.');
    for (const open of this.#open.values()) open.close(ended);
    this.#open.clear();
    this.#stopped.abort();
    this.#running?.then(({ demo }) => demo.stop()).catch(() => undefined);
  }

  #start(): Promise<Running> {
    return (this.#running ??= startDemo({ clock: this.#options.clock, seed: SEED }).then((demo) => ({
      demo,
      config: readKubeconfig(demo.kubeconfig, 'demo'),
    })));
  }
}
