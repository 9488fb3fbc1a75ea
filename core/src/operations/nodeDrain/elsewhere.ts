import { objectsOf, textAt, valueAt } from '#core/json.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { antiAffinityOf, isRepelled, refusalOf, type Neighbour } from '#core/operations/nodeDrain/admits.ts';
import { claims, nodes, pods, volumes } from '#core/operations/nodeDrain/kinds.ts';
import { termsMean } from '#core/operations/nodeDrain/labels.ts';
import type { NodePod } from '#core/operations/nodeDrain/residents.ts';
import { lackingRoom } from '#core/operations/nodeDrain/room.ts';

/** Where a pod could start that has to leave a node. Reasons are of all other nodes, counted: `2 not ready`. */
export type Elsewhere =
  | { readonly kind: 'fits'; readonly node: string }
  /** A node is there and has no room; a new one, or a pod that ends, would help. */
  | { readonly kind: 'full'; readonly reasons: readonly string[] }
  | { readonly kind: 'nowhere'; readonly reasons: readonly string[] }
  | { readonly kind: 'unknown'; readonly reasons: readonly string[] };

/** A volume's required node affinity; null for one that any node can use. */
type VolumeTerms = readonly JsonObject[] | null;

/** How a node is refused that a volume of the pod cannot be used on. */
export const OUT_OF_REACH = 'out of reach of its volume';

/**
 * Finds other nodes for pods of one node. Asks once for everything, so it is made anew for every look; pods it has found a place for
 * count as being there when the next one is looked at.
 */
export class OtherNodes {
  readonly #cluster: Cluster;
  readonly #drained: string;
  #nodes: Promise<readonly JsonObject[]> | undefined;
  readonly #onNode = new Map<string, Promise<readonly JsonObject[]>>();
  readonly #inNamespace = new Map<string, Promise<readonly JsonObject[]>>();
  readonly #placed: Neighbour[] = [];

  constructor(cluster: Cluster, drained: string) {
    this.#cluster = cluster;
    this.#drained = drained;
  }

  /** @throws ClusterProblem when the cluster does not answer; what may not be read is unknown instead */
  async for(pod: NodePod): Promise<Elsewhere> {
    try {
      return await this.#look(pod.raw);
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'forbidden')
        return { kind: 'unknown', reasons: [error.message] };
      throw error;
    }
  }

  async #look(pod: JsonObject): Promise<Elsewhere> {
    const others = (await this.#list()).filter((node) => nameOf(node) !== this.#drained);
    const affinities = await this.#volumesOf(pod);
    const unread = affinities.flatMap((one) => (typeof one === 'string' ? [one] : []));
    const terms = affinities.filter((one) => typeof one !== 'string');
    const neighbours = await this.#neighboursOf(pod);
    const refused: string[] = [];
    const full: string[] = [];
    for (const node of others) {
      const refusal = this.#refusal(node, pod, terms, neighbours);
      const lacking = refusal === undefined ? await this.#lacking(node, pod) : [];
      if (refusal !== undefined) refused.push(refusal);
      else if (lacking.length > 0) full.push(`short of ${lacking.join(' and ')}`);
      else if (unread.length > 0) return { kind: 'unknown', reasons: unread };
      else return this.#place(pod, node);
    }
    const reasons = others.length === 0 ? ['there is no other node'] : counts([...refused, ...full]);
    return { kind: full.length > 0 ? 'full' : 'nowhere', reasons };
  }

  #place(raw: JsonObject, node: JsonObject): Elsewhere {
    this.#placed.push({ raw, node });
    return { kind: 'fits', node: nameOf(node) };
  }

  #refusal(
    node: JsonObject,
    pod: JsonObject,
    affinities: readonly VolumeTerms[],
    neighbours: readonly Neighbour[],
  ): string | undefined {
    if (affinities.some((terms) => terms !== null && !termsMean(terms, node))) return OUT_OF_REACH;
    const refusal = refusalOf(node, pod);
    if (refusal !== undefined) return refusal;
    return isRepelled(pod, node, [...neighbours, ...this.#placed])
      ? 'taken by a pod that it must not be beside'
      : undefined;
  }

  async #lacking(node: JsonObject, pod: JsonObject): Promise<readonly string[]> {
    const name = nameOf(node);
    const asked = this.#onNode.get(name) ?? this.#cluster.list({ ...pods, fieldSelector: `spec.nodeName=${name}` });
    this.#onNode.set(name, asked);
    const placed = this.#placed.filter((one) => nameOf(one.node) === name).map(({ raw }) => raw);
    return lackingRoom(node, pod, [...(await asked), ...placed]);
  }

  /** Pods on other nodes that an anti-affinity may be about. */
  async #neighboursOf(pod: JsonObject): Promise<readonly Neighbour[]> {
    const namespaces = new Set(antiAffinityOf(pod).flatMap(({ namespaces }) => namespaces));
    const byName = new Map((await this.#list()).map((node) => [nameOf(node), node]));
    const lists = await Promise.all([...namespaces].map((namespace) => this.#podsIn(namespace)));
    return lists.flat().flatMap((raw) => {
      const where = textAt(raw, 'spec', 'nodeName');
      const node = where === this.#drained ? undefined : byName.get(where);
      return node && !isOver(raw) ? [{ raw, node }] : [];
    });
  }

  #podsIn(namespace: string): Promise<readonly JsonObject[]> {
    const asked = this.#inNamespace.get(namespace) ?? this.#cluster.list({ ...pods, namespace });
    this.#inNamespace.set(namespace, asked);
    return asked;
  }

  #list(): Promise<readonly JsonObject[]> {
    this.#nodes ??= this.#cluster.list(nodes);
    return this.#nodes;
  }

  /** Of each volume its terms, or a sentence when it cannot be read. */
  #volumesOf(pod: JsonObject): Promise<readonly (VolumeTerms | string)[]> {
    const namespace = textAt(pod, 'metadata', 'namespace');
    const names = objectsOf(valueAt(pod, 'spec', 'volumes')).flatMap((volume) => {
      const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
      return name === '' ? [] : [name];
    });
    return Promise.all(names.map((name) => this.#volumeOf(namespace, name)));
  }

  async #volumeOf(namespace: string, claim: string): Promise<VolumeTerms | string> {
    try {
      const name = textAt(await this.#cluster.get({ ...claims, namespace, name: claim }), 'spec', 'volumeName');
      if (name === '') return null;
      const volume = await this.#cluster.get({ ...volumes, namespace: '', name });
      const required = valueAt(volume, 'spec', 'nodeAffinity', 'required');
      return required === undefined ? null : objectsOf(valueAt(required, 'nodeSelectorTerms'));
    } catch (error) {
      if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent'))
        return `where the volume of ${claim} may be used cannot be read`;
      throw error;
    }
  }
}

const nameOf = (node: JsonObject): string => textAt(node, 'metadata', 'name');

function isOver(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
}

/** Equal reasons together: `2 not ready`. */
function counts(reasons: readonly string[]): readonly string[] {
  const each = new Map<string, number>();
  for (const reason of reasons) each.set(reason, (each.get(reason) ?? 0) + 1);
  return [...each].map(([reason, count]) => `${count} ${reason}`);
}
