import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import { cqlPortOf } from '#core/systems/cassandra/cqlPort.ts';

/** What the CQL port of a node says when it is asked itself, through a tunnel to its pod. */
export type CqlWord =
  /** It answered to OPTIONS, as it does to every client that connects. */
  | { readonly kind: 'open'; readonly evidence: string }
  /** It does not answer, although such a port can be asked from here. */
  | { readonly kind: 'closed'; readonly why: string }
  /** It cannot be asked from here: no right to forward ports, a certificate that is not ours, an address that no tunnel reaches. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Problems of the way to the port, and not of the port. */
const NO_WAY: ReadonlySet<ClusterProblem['kind']> = new Set([
  'forbidden',
  'unauthenticated',
  'login',
  'configuration',
  'certificate',
]);

/** For how long a way that was not found is not looked for again. */
const NO_WAY_MS = 60_000;
/** Others that are asked whether there is a way at all. */
const MOST_OTHERS = 2;

/**
 * Asks nodes for OPTIONS, which costs them no Java machine, and needs no login. A tunnel ends at the loopback interface of the pod, where a
 * node that serves at the address of its pod only does not listen. So silence counts as a closed port only where a port of this ring
 * has answered once: the node's own, or that of one of the others.
 */
export class CqlDoor {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #containers: ReadonlyMap<string, string>;
  /** Some port of the ring has answered. */
  #hasAnswered = false;
  #noWay: { readonly why: string; readonly until: number } | undefined;

  constructor(cluster: Cluster, clock: Clock, containers: ReadonlyMap<string, string>) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#containers = containers;
  }

  /** `others`: who would be asked to find out whether there is a way. @throws ClusterProblem of kind `cancelled` */
  async ask(pod: LivePod, others: readonly LivePod[]): Promise<CqlWord> {
    if (this.#noWay && this.#clock.now() < this.#noWay.until) return { kind: 'unknown', why: this.#noWay.why };
    this.#noWay = undefined;
    const word = await this.#askOne(pod);
    if (word.kind === 'unknown') return this.#without(word.why);
    if (word.kind === 'open' || this.#hasAnswered) return word;
    for (const other of others.filter(({ isReady }) => isReady).slice(0, MOST_OTHERS)) {
      if ((await this.#askOne(other)).kind === 'open') return word;
    }
    return this.#without(`no port of this ring answers through a tunnel: ${word.why}`);
  }

  #without(why: string): CqlWord {
    this.#noWay = { why, until: this.#clock.now() + NO_WAY_MS };
    return { kind: 'unknown', why };
  }

  async #askOne(pod: LivePod): Promise<CqlWord> {
    const { namespace, name } = pod.meta;
    const port = cqlPortOf(pod, this.#containers.get(name) ?? '');
    try {
      const connection = await this.#cluster.cql({ namespace, pod: name, port });
      const { offers, isEncrypted } = connection;
      connection.stop();
      this.#hasAnswered = true;
      const language = offers['CQL_VERSION']?.[0];
      const what = `${language === undefined ? '' : `CQL ${language.slice(0, 20)}, `}${isEncrypted ? 'TLS' : 'plain text'}`;
      return { kind: 'open', evidence: `port ${port} of ${name} answered OPTIONS (${what})` };
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind === 'cancelled') throw error;
      const why = error.message.replace(/\.$/, '');
      return { kind: NO_WAY.has(error.kind) ? 'unknown' : 'closed', why };
    }
  }
}
