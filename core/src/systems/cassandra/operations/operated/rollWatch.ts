import type { LivePod } from '#core/live/objects.ts';
import { MemberPods, type FoundPods } from '#core/operations/memberPods.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { RackStep } from '#core/systems/cassandra/operations/operated/rackStep.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import { isUp, rowOf } from '#core/systems/cassandra/operations/whole.ts';

/** How many nodes are asked whom they see, and how often: a question costs a second of CPU of their machines. */
const OBSERVERS = 2;
const BETWEEN_MS = 3000;

/**
 * Who is out while an operator goes through a rack: pods that are not ready, and nodes that others do not see up. Nodes of other racks
 * are asked, because those of the rack itself come and go. What is seen once may be as old as gossip is slow; two that are out count only
 * when they are seen so twice in a row.
 */
export class RollWatch {
  readonly #ring: RingNow;
  #out: readonly string[] = [];
  #lookedAt: number | undefined;
  #most = 0;

  constructor(ring: RingNow) {
    this.#ring = ring;
  }

  /** At the last look. */
  get out(): readonly string[] {
    return this.#out;
  }

  /** The most that were seen out at once. */
  get most(): number {
    return this.#most;
  }

  /** A new rack is watched. */
  forget(): void {
    this.#out = [];
    this.#most = 0;
    this.#lookedAt = undefined;
  }

  /** Nodes that were out at this look and at the one before; at least two or none. @throws ClusterProblem */
  async look(rack: RackStep, pods: FoundPods): Promise<readonly string[]> {
    const now = this.#ring.now();
    if (this.#lookedAt !== undefined && now - this.#lookedAt < BETWEEN_MS) return [];
    const out = await this.#find(rack, pods);
    const still = out.filter((name) => this.#out.includes(name));
    this.#out = out;
    this.#most = Math.max(this.#most, out.length);
    this.#lookedAt = this.#ring.now();
    return still.length > 1 ? still : [];
  }

  async #find(rack: RackStep, pods: FoundPods): Promise<readonly string[]> {
    const views = await this.#views(rack, pods);
    const isUnseen = (hostId: string): boolean =>
      hostId !== '' && views.some(({ status }) => status !== undefined && !isUp(rowOf(status.rows, hostId)));
    return this.#ring.nodes.flatMap(({ pod, hostId }) => (isWell(pods.of(pod)) && !isUnseen(hostId) ? [] : [pod]));
  }

  async #views(rack: RackStep, pods: FoundPods): Promise<readonly NodeAnswer[]> {
    const well = this.#ring.nodes.flatMap(({ pod: name }) => {
      const pod = pods.of(name);
      return pod && isWell(pod) ? [pod] : [];
    });
    const elsewhere = well.filter(({ meta }) => !rack.pods.includes(meta.name));
    const candidates = new MemberPods(elsewhere.length > 0 ? elsewhere : well);
    // Only a node that was drained sees nobody; who sees one of its peers away is believed.
    const isDoubted = ({ status }: NodeAnswer): boolean =>
      this.#ring.nodes.filter(({ hostId }) => hostId !== '' && !isUp(rowOf(status?.rows, hostId))).length > 1;
    return (await this.#ring.others(candidates, '', { most: OBSERVERS, isDoubted })).answers;
  }
}

const isWell = (pod: LivePod | undefined): boolean => pod?.isReady === true && pod.meta.deletedAt === undefined;
