import { ago } from '#core/live/durations.ts';
import type { ReleaseContent } from '#core/live/helm/decode.ts';
import type { ObjectDrift } from '#core/live/helm/releaseChanges.ts';
import { descriptionText } from '#core/live/helm/revisionFacts.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/** A revision with what its content says; undefined content is one that could not be read. */
export interface HistoryEntry {
  readonly revision: HelmRevision;
  readonly content: ReleaseContent | undefined;
}

const columns = ['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'] as const;

/** The history of a release as a table, newest first, with what holds it up. Nothing secret is in it. */
export function historyText(release: HelmRelease, entries: readonly HistoryEntry[], now: number): string {
  const rows = entries.map((entry) => historyRow(entry, now));
  const widths = columns.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    `Helm release ${plainText(release.name)} in the namespace ${plainText(release.namespace)}`,
    plainText(release.health.sentence, 400),
    ...adviceOf(release),
    '',
    ...[columns, ...rows].map(line),
    '',
  ].join('\n');
}

function historyRow({ revision, content }: HistoryEntry, now: number): readonly string[] {
  const { modifiedAt } = revision;
  const when = content?.lastDeployedAt ?? modifiedAt;
  return [
    String(revision.revision),
    when === undefined ? '' : ago(now - when),
    plainText(revision.status, 40),
    content === undefined ? '' : chartText(content),
    content === undefined ? '' : plainText(content.chart.appVersion, 40),
    content === undefined ? 'It cannot be read' : descriptionText(content.description),
  ];
}

function chartText({ chart: { name, version, isDeprecated } }: ReleaseContent): string {
  return `${plainText(name, 60)}-${plainText(version, 40)}${isDeprecated ? ' (deprecated)' : ''}`;
}

/** What to do about a release that Helm begins nothing on. */
export function adviceOf({ revisions, health }: Pick<HelmRelease, 'revisions' | 'health'>): readonly string[] {
  const [newest, ...older] = revisions;
  if (newest?.status.startsWith('pending-') !== true || health.level !== 'warning') return [];
  const good = older.find(({ status }) => status === 'deployed') ?? older.find(({ status }) => status === 'superseded');
  if (!good)
    return [
      `Whoever began revision ${newest.revision} is gone. There is nothing to roll back to: uninstall the release, or install it again with another name.`,
    ];
  return [
    `Whoever began revision ${newest.revision} is gone, and Helm refuses an upgrade meanwhile. Roll back to revision ${good.revision}: that is allowed, and ends it.`,
  ];
}

/** How a release is in the cluster, as a text. */
export function driftText(release: ReleaseContent, drifts: readonly ObjectDrift[]): string {
  const title = `${plainText(release.namespace)}/${plainText(release.name)}, revision ${release.revision}`;
  const of = (how: ObjectDrift['how']): readonly ObjectDrift[] => drifts.filter((one) => one.how === how);
  const same = of('same').length;
  return [
    `# Helm release ${title}: its manifest and the cluster`,
    '# Only fields that the manifest sets are compared; defaults, status and what others have added are no difference.',
    '',
    ...section('Missing in the cluster', of('missing')),
    ...section('Changed outside Helm (the manifest first, then the cluster)', of('changed')),
    ...section('Could not be told', of('unknown')),
    `${counted(same, 'object')} of ${drifts.length} ${same === 1 ? 'is' : 'are'} as the manifest says.`,
    '',
  ].join('\n');
}

function section(title: string, drifts: readonly ObjectDrift[]): readonly string[] {
  if (drifts.length === 0) return [];
  return [
    `${title}:`,
    ...drifts.flatMap((drift) => [
      `  ${plainText(drift.title)}`,
      ...drift.fields.map((field) => `    ${plainText(field, 400)}`),
    ]),
    '',
  ];
}
