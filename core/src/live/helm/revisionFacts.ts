import type { ReleaseContent } from '#core/live/helm/decode.ts';
import { maskManifest } from '#core/live/helm/maskManifest.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import type { HelmRevision } from '#core/live/view.ts';

/** What a row tells of a revision beyond its labels. Nothing secret is in it, and nothing else of what is stored is kept. */
export interface RevisionFacts {
  /** `kafka-32.4.3`. */
  readonly chart: string;
  readonly appVersion: string;
  /** `Upgrade complete`, `Rollback to 3`, or why it failed; empty as long as it has to be read again. */
  readonly description: string;
}

export interface ReadFacts extends RevisionFacts {
  /** resourceVersion of the object they were read from. */
  readonly resourceVersion: string;
}

/** What was read of revisions, by the uid of the Secret or ConfigMap that keeps them. */
export type KnownRevisions = ReadonlyMap<string, ReadFacts>;

export function readFacts(
  { chart, description }: ReleaseContent,
  { resourceVersion }: Pick<HelmRevision, 'resourceVersion'>,
): ReadFacts {
  return {
    chart: `${plainText(chart.name, 60)}-${plainText(chart.version, 40)}`,
    appVersion: plainText(chart.appVersion, 40),
    description: descriptionText(description),
    resourceVersion,
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

/** Whether nothing was written to a revision since it was read. */
export function isAsRead({ uid, resourceVersion }: HelmRevision, known: KnownRevisions | undefined): boolean {
  return known?.get(uid)?.resourceVersion === resourceVersion;
}

/** What Helm says of a revision, which may quote an object: lines that hold a secret by their looks are hidden. */
export function descriptionText(description: string, limit = 160): string {
  return messageText(maskManifest(description), limit);
}
