import { fetchRelease } from '#core/live/helm/fetch.ts';
import { factsKey, revisionFacts, type RevisionFacts } from '#core/live/helm/revisionFacts.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/**
 * What the revisions of releases hold, as far as rows tell it: read once for each, when the row of its release is opened. What may not be
 * read is left out, and is asked for again at the next opening.
 */
export class RevisionReader {
  readonly #cluster: Cluster;
  readonly #changed: () => void;
  #facts: ReadonlyMap<string, RevisionFacts> = new Map();

  constructor(cluster: Cluster, changed: () => void) {
    this.#cluster = cluster;
    this.#changed = changed;
  }

  /** By factsKey; the same map as long as nothing was read. */
  get facts(): ReadonlyMap<string, RevisionFacts> {
    return this.#facts;
  }

  async read(release: HelmRelease): Promise<void> {
    const missing = release.revisions.filter((revision) => !this.#facts.has(factsKey(release, revision)));
    const found: [string, RevisionFacts][] = [];
    for (const revision of missing) {
      const facts = await this.#readOne(release, revision);
      // Whoever may not read one may read none.
      if (!facts) break;
      found.push([factsKey(release, revision), facts]);
    }
    if (found.length === 0) return;
    this.#facts = new Map([...this.#facts, ...found]);
    this.#changed();
  }

  async #readOne({ namespace }: HelmRelease, revision: HelmRevision): Promise<RevisionFacts | undefined> {
    const { helm } = this.#cluster;
    if (!helm) return undefined;
    try {
      const decoded = await fetchRelease(this.#cluster, namespace, revision, helm.inflate);
      return decoded.kind === 'release' ? revisionFacts(decoded.release) : undefined;
    } catch (error) {
      if (error instanceof ClusterProblem) return undefined;
      throw error;
    }
  }
}
