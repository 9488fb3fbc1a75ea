import type { ReleaseContent } from '#core/live/helm/decode.ts';
import { maskValues } from '#core/live/helm/mask.ts';
import { maskManifest } from '#core/live/helm/maskManifest.ts';
import { printValues } from '#core/live/helm/values.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import type { UntrustedObject } from '#core/live/reading.ts';
import { describeDifference } from '#core/text/difference.ts';

/** A part of a release as a document. */
export interface ReleaseDocument {
  readonly part: ReleasePart;
  /** Language for the editor: `yaml`, `plaintext`. */
  readonly language: 'yaml' | 'plaintext';
  readonly text: string;
}

export type ReleasePart = 'values' | 'computed values' | 'manifest' | 'hooks' | 'notes';

/** `hidden` unless somebody asks to see secrets. */
export type Secrecy = 'hidden' | 'shown';

/** All parts of a revision that are not empty. */
export function releaseDocuments(release: ReleaseContent, secrecy: Secrecy): readonly ReleaseDocument[] {
  return parts
    .map(({ part, language, print }) => ({ part, language, text: print(release, secrecy, undefined) }))
    .filter(({ text }) => text !== '');
}

export interface ReleaseDifference {
  readonly part: ReleasePart;
  readonly language: 'yaml' | 'plaintext';
  readonly before: string;
  readonly after: string;
  /** Both in one, as lines that go and come. */
  readonly text: string;
}

/** The parts in which two revisions differ. A hidden secret that has changed says so. */
export function compareReleases(
  before: ReleaseContent,
  after: ReleaseContent,
  secrecy: Secrecy,
): readonly ReleaseDifference[] {
  return parts.flatMap(({ part, language, print }) => {
    const [old, now] = [print(before, secrecy, undefined), print(after, secrecy, before)];
    if (old !== now) return [{ part, language, before: old, after: now, text: describeDifference(old, now) }];
    const isHidden = print(before, 'shown', undefined) !== print(after, 'shown', undefined);
    return isHidden ? [{ part, language, before: old, after: now, text: ONLY_SECRETS }] : [];
  });
}

const ONLY_SECRETS = '# Only secrets differ, which are not shown.\n';

/** `orders-operator 0.51.0 (app 0.51.0), revision 7: Upgrade complete`. */
export function describeRelease({ chart, revision, description }: ReleaseContent): string {
  const app = chart.appVersion === '' ? '' : ` (app ${plainText(chart.appVersion, 60)})`;
  const why = description === '' ? '' : `: ${messageText(description)}`;
  return `${plainText(chart.name, 60)} ${plainText(chart.version, 60)}${app}, revision ${revision}${why}`;
}

interface Part {
  readonly part: ReleasePart;
  readonly language: ReleaseDocument['language'];
  /** With `before`, the content of another revision that the text will be compared with. */
  readonly print: (release: ReleaseContent, secrecy: Secrecy, before: ReleaseContent | undefined) => string;
}

const parts: readonly Part[] = [
  {
    part: 'values',
    language: 'yaml',
    print: (release, secrecy, before) => printMasked(release.values, secrecy, before?.values),
  },
  {
    part: 'computed values',
    language: 'yaml',
    print: (release, secrecy, before) => printMasked(release.computedValues, secrecy, before?.computedValues),
  },
  { part: 'manifest', language: 'yaml', print: ({ manifest }, secrecy) => printManifest(manifest, secrecy) },
  {
    part: 'hooks',
    language: 'yaml',
    print: ({ hooks }, secrecy) =>
      hooks.map(({ manifest }) => printManifest(`---\n${manifest.trim()}\n`, secrecy)).join(''),
  },
  { part: 'notes', language: 'plaintext', print: ({ notes }, secrecy) => printManifest(notes, secrecy) },
];

function printMasked(values: UntrustedObject, secrecy: Secrecy, before: UntrustedObject | undefined): string {
  return clean(printValues(secrecy === 'shown' ? values : maskValues(values, before).values));
}

function printManifest(text: string, secrecy: Secrecy): string {
  return secrecy === 'shown' ? clean(text) : maskManifest(clean(text));
}

/** Without characters that could make a text look like another; lines and tabs stay. */
function clean(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}
