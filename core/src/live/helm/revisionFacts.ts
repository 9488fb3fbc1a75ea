import type { ReleaseContent } from '#core/live/helm/decode.ts';
import { maskManifest } from '#core/live/helm/maskManifest.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import type { HelmRevision, StoredRevision } from '#core/live/view.ts';

/** What a row tells of a revision beyond its labels. Nothing secret is in it, and nothing else of what is stored is kept. */
export interface RevisionFacts {
  /** `kafka-32.4.3`. */
  readonly chart: string;
  readonly appVersion: string;
  /** `Upgrade complete`, `Rollback to 3`, or why it failed; empty as long as it has to be read again. */
  readonly description: string;
}

/** What keeps a revision, as it was written at one time. */
export interface StoredVersion extends StoredRevision {
  readonly resourceVersion: string;
}

/** With what they were read from. */
export type ReadFacts = RevisionFacts & StoredVersion;

/** What was read of revisions, by the uid of the Secret or ConfigMap that keeps them. */
export type KnownRevisions = ReadonlyMap<string, ReadFacts>;

export function readFacts({ chart, description }: ReleaseContent, version: StoredVersion): ReadFacts {
  return {
    ...version,
    chart: `${plainText(chart.name, 60)}-${plainText(chart.version, 40)}`,
    appVersion: plainText(chart.appVersion, 40),
    description: descriptionText(description),
  };
}

/**
 * What is known of a revision. Its chart stays what it is for as long as it is kept; with a new status Helm may write another description:
 * `Preparing upgrade` becomes `Upgrade complete`.
 */
export function factsOf(revision: HelmRevision, known: KnownRevisions | undefined): RevisionFacts | undefined {
  const facts = known?.get(revision.uid);
  return facts && !isAsRead(revision, known) ? { ...facts, description: '' } : facts;
}

export function versionOf(
  namespace: string,
  { uid, resourceVersion, isConfigMap }: Pick<HelmRevision, 'uid' | 'resourceVersion' | 'isConfigMap'>,
): StoredVersion {
  return { namespace, uid, resourceVersion, ...(isConfigMap === true ? { isConfigMap } : {}) };
}

/** Whether nothing was written to a revision since it was read. */
export function isAsRead({ uid, resourceVersion }: HelmRevision, known: KnownRevisions | undefined): boolean {
  return known?.get(uid)?.resourceVersion === resourceVersion;
}

/** What Helm says of a revision, which may quote an object: lines that hold a secret by their looks are hidden. */
export function descriptionText(description: string, limit = 160): string {
  return messageText(maskManifest(description), limit);
}
