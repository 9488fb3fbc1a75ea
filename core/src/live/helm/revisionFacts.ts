import type { ReleaseContent } from '#core/live/helm/decode.ts';
import { maskManifest } from '#core/live/helm/maskManifest.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/** What a row tells of a revision beyond its labels. Nothing secret is in it. */
export interface RevisionFacts {
  /** `kafka-32.4.3`. */
  readonly chart: string;
  readonly appVersion: string;
  /** `Upgrade complete`, `Rollback to 3`, or why it failed. */
  readonly description: string;
}

export function revisionFacts({ chart, description }: ReleaseContent): RevisionFacts {
  return {
    chart: `${plainText(chart.name, 60)}-${plainText(chart.version, 40)}`,
    appVersion: plainText(chart.appVersion, 40),
    description: descriptionText(description),
  };
}

/** What Helm says of a revision, which may quote an object: lines that hold a secret by their looks are hidden. */
export function descriptionText(description: string, limit = 160): string {
  return messageText(maskManifest(description), limit);
}

/** By what facts of a revision are kept: another status comes with another description. */
export function factsKey({ namespace }: Pick<HelmRelease, 'namespace'>, { secret, status }: HelmRevision): string {
  return `${namespace}/${secret}/${status}`;
}
