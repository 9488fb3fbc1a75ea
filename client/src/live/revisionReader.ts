import { fetchRelease } from '#core/live/helm/fetch.ts';
import { isAsRead, readFacts, type KnownRevisions, type ReadFacts } from '#core/live/helm/revisionFacts.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/** A release by its name; it may be gone. */
export type ReleaseName = Pick<HelmRelease, 'namespace' | 'name'>;

/**
 * What the revisions of releases hold, as far as rows tell it.
 * 1. When the row of a release is opened, each of its revisions is read.
 * 2. As long as it is open, a revision that is new or was written is read as it comes: after a rollback those are the new one and the one
 *    that is superseded.
 * 3. What was read stays, also when the row is closed. Of the content itself nothing does.
 * What may not be read is left out, and is asked for again at the next opening, not at every change.
 */
export class RevisionReader {
  readonly #cluster: Cluster;
  readonly #changed: () => void;
  readonly #open = new Set<string>();
  /** Versions of stored objects that could not be read. */
  readonly #refused = new Set<string>();
  #facts: KnownRevisions = new Map();
  #reading: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, changed: () => void) {
    this.#cluster = cluster;
    this.#changed = changed;
  }

  /** The same map as long as nothing was read. */
  get facts(): KnownRevisions {
    return this.#facts;
  }

  /** The row of a release was opened. Resolves when what can be read has been read. */
  open(release: HelmRelease): Promise<void> {
    this.#open.add(keyOf(release));
    for (const revision of release.revisions) this.#refused.delete(versionOf(revision));
    return this.#read(release);
  }

  close(release: ReleaseName): void {
    this.#open.delete(keyOf(release));
  }

  /** The releases are others now, or have other revisions. Resolves like `open`. */
  async follow(releases: readonly HelmRelease[]): Promise<void> {
    if (this.#open.size === 0) return;
    const open = releases.filter((release) => this.#open.has(keyOf(release)));
    await Promise.all(open.filter((release) => this.#missing(release).length > 0).map((one) => this.#read(one)));
  }

  /** One after the other, so that what is read later is newer. */
  #read(release: HelmRelease): Promise<void> {
    const done = this.#reading.then(() => this.#readMissing(release));
    this.#reading = done.catch(() => undefined);
    return done;
  }

  #missing({ revisions }: HelmRelease): readonly HelmRevision[] {
    return revisions.filter((one) => !isAsRead(one, this.#facts) && !this.#refused.has(versionOf(one)));
  }

  async #readMissing(release: HelmRelease): Promise<void> {
    const missing = this.#missing(release);
    const found = new Map<string, ReadFacts>();
    for (const revision of missing) {
      const facts = await this.#readOne(release, revision);
      if (facts === 'stop') break;
      if (facts) found.set(revision.uid, facts);
    }
    for (const one of missing) if (!found.has(one.uid)) this.#refused.add(versionOf(one));
    if (found.size === 0) return;
    this.#facts = new Map([...this.#facts, ...found]);
    this.#changed();
  }

  /** Undefined for one that is gone or broken. Whoever may not read one may read none: that is where to stop. */
  async #readOne({ namespace }: HelmRelease, revision: HelmRevision): Promise<ReadFacts | undefined | 'stop'> {
    const { helm } = this.#cluster;
    if (!helm) return 'stop';
    try {
      const decoded = await fetchRelease(this.#cluster, namespace, revision, helm.inflate);
      return decoded.kind === 'release' ? readFacts(decoded.release, revision) : undefined;
    } catch (error) {
      if (error instanceof ClusterProblem) return error.kind === 'absent' ? undefined : 'stop';
      throw error;
    }
  }
}

function keyOf({ namespace, name }: ReleaseName): string {
  return `${namespace}/${name}`;
}

function versionOf({ uid, resourceVersion }: HelmRevision): string {
  return `${uid}/${resourceVersion}`;
}
