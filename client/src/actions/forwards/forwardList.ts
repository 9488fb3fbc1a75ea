import type { Cluster, ClusterProblem, Forward, ForwardRequest, Stoppable } from '#core/live/ports.ts';

/** A forward that is open, and where it leads. */
export interface OpenForward extends Stoppable {
  readonly context: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly localPort: number;
}

/** The forwards of this window. All of them end with it. */
export class ForwardList implements Stoppable {
  readonly #forwards = new Set<OpenForward>();
  readonly #listeners = new Set<() => void>();
  readonly #onEnded: (forward: OpenForward, problem: ClusterProblem | undefined) => void;

  /** @param onEnded told when a forward ended and nobody stopped it */
  constructor(onEnded: (forward: OpenForward, problem: ClusterProblem | undefined) => void) {
    this.#onEnded = onEnded;
  }

  get all(): readonly OpenForward[] {
    return [...this.#forwards];
  }

  onDidChange(listener: () => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  /** The one there is already when it leads to the same port of the same pod. @throws ClusterProblem */
  async open(cluster: Pick<Cluster, 'forward'>, context: string, request: ForwardRequest): Promise<OpenForward> {
    const { namespace, pod, port, localPort = 0 } = request;
    const known = this.all.find(
      (forward) =>
        forward.context === context &&
        forward.namespace === namespace &&
        forward.pod === pod &&
        forward.port === port &&
        (localPort === 0 || localPort === forward.localPort),
    );
    if (known) return known;
    return this.#add(await cluster.forward(request), { context, namespace, pod, port });
  }

  stop(): void {
    for (const forward of this.all) forward.stop();
  }

  #add(connection: Forward, place: Omit<OpenForward, 'localPort' | 'stop'>): OpenForward {
    let isOpen = true;
    const end = (): boolean => {
      if (!isOpen) return false;
      isOpen = false;
      ending.stop();
      this.#forwards.delete(forward);
      this.#tell();
      return true;
    };
    const forward: OpenForward = {
      ...place,
      localPort: connection.localPort,
      stop: () => {
        if (end()) connection.stop();
      },
    };
    const ending = connection.onDidEnd((problem) => {
      if (end()) this.#onEnded(forward, problem);
    });
    this.#forwards.add(forward);
    this.#tell();
    return forward;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
