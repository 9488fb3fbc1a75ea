import {
  ClusterProblem,
  type Cluster,
  type ClusterDirectory,
  type ContextSummary,
  type Stoppable,
} from '#core/live/ports.ts';

/** Contexts and their clusters in a table, as kubeconfig files would name them. */
export class FakeDirectory implements ClusterDirectory {
  readonly opened: string[] = [];
  /** How often contexts were asked for. */
  asked = 0;
  isStopped = false;
  private readonly listeners = new Set<() => void>();
  private readonly clusters: Cluster[];

  constructor(...clusters: readonly Cluster[]) {
    this.clusters = [...clusters];
  }

  async contexts(): Promise<readonly ContextSummary[]> {
    this.asked += 1;
    return this.clusters.map(({ context }) => context);
  }

  /** As if the files were changed. */
  replace(...clusters: readonly Cluster[]): void {
    this.clusters.splice(0, this.clusters.length, ...clusters);
    for (const listener of this.listeners) listener();
  }

  onDidChange(listener: () => void): Stoppable {
    this.listeners.add(listener);
    return { stop: () => void this.listeners.delete(listener) };
  }

  async open(context: string): Promise<Cluster> {
    this.opened.push(context);
    const found = this.clusters.find((cluster) => cluster.context.name === context);
    if (found) return found;
    throw new ClusterProblem('configuration', `There is no context "${context}" in the kubeconfig files.`);
  }

  stop(): void {
    this.isStopped = true;
  }
}
