import { fetchRelease } from '#core/live/helm/fetch.ts';
import {
  isAsRead,
  readFacts,
  versionOf,
  type KnownRevisions,
  type ReadFacts,
  type StoredVersion,
} from '#core/live/helm/revisionFacts.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { ContextWatch, HelmRelease, HelmRevision } from '#core/live/view.ts';

/** A release by its name; it may be gone. */
export type ReleaseName = Pick<HelmRelease, 'namespace' | 'name'>;

/**
 * What the revisions of releases hold, as far as rows tell it.
 * 1. When the row of a release is opened, each of its revisions is read.
 * 2. As long as it is open, a revision that is new or was written is read as it comes: after a rollback those are the new one and the one
 *    that is superseded.
 * 3. What was read stays, also when the row is closed, as long as what keeps the revision is in the cluster. Of the content itself nothing does.
 * 4. What was read of a revision whose Secret is deleted is forgotten once it is no longer shown; not while it is only out of sight.
 * What may not be read is left out, and is asked for again at the next opening, not at every change.
 */
export class RevisionReader {
  readonly #cluster: Cluster;
  readonly #watch: Pick<ContextWatch, 'view' | 'isGone'>;
  readonly #changed: () => void;
  readonly #open = new Set<string>();
  /** Versions of stored objects that could not be read, by uid. */
  readonly #refused = new Map<string, StoredVersion>();
  #facts: KnownRevisions = new Map();
  #reading: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, watch: Pick<ContextWatch, 'view' | 'isGone'>, changed: () => void) {
    this.#cluster = cluster;
    this.#watch = watch;
    this.#changed = changed;
  }

  /** The same map as long as nothing was read or forgotten. */
  get facts(): KnownRevisions {
    return this.#facts;
  }

  /** The row of a release was opened. Resolves when what can be read has been read. */
  open(release: HelmRelease): Promise<void> {
    this.#open.add(keyOf(release));
    for (const revision of release.revisions) this.#refused.delete(revision.uid);
    return this.#read(release);
  }

  close(release: ReleaseName): void {
    this.#open.delete(keyOf(release));
  }

  /** The releases that the watch shows are others now, or have other revisions. Resolves like `open`. */
  async follow(): Promise<void> {
    this.#forgetGone();
    if (this.#open.size === 0) return;
    const open = this.#watch.view.releases.filter((release) => this.#open.has(keyOf(release)));
    await Promise.all(open.filter((release) => this.#missing(release).length > 0).map((one) => this.#read(one)));
  }

  /** One after the other, so that what is read later is newer. */
  #read(release: HelmRelease): Promise<void> {
    const done = this.#reading.then(() => this.#readMissing(release));
    this.#reading = done.catch(() => undefined);
    return done;
  }

  #missing({ revisions }: HelmRelease): readonly HelmRevision[] {
    return revisions.filter((one) => !isAsRead(one, this.#facts) && !this.#isRefused(one));
  }

  #isRefused({ uid, resourceVersion }: HelmRevision): boolean {
    return this.#refused.get(uid)?.resourceVersion === resourceVersion;
  }

  /** Nobody has to be told: what is forgotten has no row. */
  #forgetGone(): void {
    const known = [...this.#facts.values(), ...this.#refused.values()];
    if (known.length === 0) return;
    const shown = new Set(this.#watch.view.releases.flatMap(({ revisions }) => revisions.map(({ uid }) => uid)));
    const gone = new Set(known.filter((one) => !shown.has(one.uid) && this.#watch.isGone(one)).map(({ uid }) => uid));
    if (gone.size === 0) return;
    for (const uid of gone) this.#refused.delete(uid);
    if ([...gone].some((uid) => this.#facts.has(uid)))
      this.#facts = new Map([...this.#facts].filter(([uid]) => !gone.has(uid)));
  }

  async #readMissing(release: HelmRelease): Promise<void> {
    const missing = this.#missing(release);
    const found = new Map<string, ReadFacts>();
    for (const revision of missing) {
      const facts = await this.#readOne(release, revision);
      if (facts === 'stop') break;
      if (facts) found.set(revision.uid, facts);
    }
    for (const one of missing) if (!found.has(one.uid)) this.#refused.set(one.uid, versionOf(release.namespace, one));
    if (found.size > 0) this.#facts = new Map([...this.#facts, ...found]);
    // One of them may have been deleted while it was read.
    this.#forgetGone();
    if (found.size > 0) this.#changed();
  }

  /** Undefined for one that is gone or broken. Whoever may not read one may read none: that is where to stop. */
  async #readOne({ namespace }: HelmRelease, revision: HelmRevision): Promise<ReadFacts | undefined | 'stop'> {
    const { helm } = this.#cluster;
    if (!helm) return 'stop';
    try {
      const decoded = await fetchRelease(this.#cluster, namespace, revision, helm.inflate);
      return decoded.kind === 'release' ? readFacts(decoded.release, versionOf(namespace, revision)) : undefined;
    } catch (error) {
      if (error instanceof ClusterProblem) return error.kind === 'absent' ? undefined : 'stop';
      throw error;
    }
  }
}

function keyOf({ namespace, name }: ReleaseName): string {
  return `${namespace}/${name}`;
}
