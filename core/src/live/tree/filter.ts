import { isFiltering, type TreeContext, type TreeFilter, type TreeInput } from '#core/live/tree/input.ts';
import { needsAttention } from '#core/live/tree/appearance.ts';
import { clusterTitle, flavourTitle, systemTitle } from '#core/live/tree/titles.ts';
import type { HealthLevel } from '#core/live/model.ts';
import type { JudgedCluster } from '#core/live/view.ts';

/** The data clusters of a context that the filter lets through, in the order of the view. */
export function shownClusters(context: TreeContext, filter: TreeFilter): readonly JudgedCluster[] {
  const clusters = context.view?.clusters ?? [];
  if (!isFiltering(filter)) return clusters;
  const words = wordsOf(filter);
  const isNamed = words.length > 0 && hasWords(context.summary.name, words);
  return clusters.filter(
    (judged) => passesLevel(judged.health.level, filter) && (isNamed || hasWords(searchText(judged), words)),
  );
}

/** Whether a thing beside the data clusters is shown. Without a level it is shown only while all levels are. */
export function isShown(
  context: TreeContext,
  filter: TreeFilter,
  text: string,
  level: HealthLevel | undefined,
): boolean {
  if (filter.onlyUnhealthy && (level === undefined || !needsAttention(level))) return false;
  const words = wordsOf(filter);
  return hasWords(context.summary.name, words) || hasWords(text, words);
}

/**
 * A context without a match is hidden while words are looked for. One that is not watched stays when only what is unhealthy is asked for:
 * nobody knows how it is.
 */
export function isContextShown(context: TreeContext, filter: TreeFilter): boolean {
  const words = wordsOf(filter);
  if (words.length === 0 || hasWords(context.summary.name, words)) return true;
  const { view } = context;
  if (view === undefined) return false;
  return (
    shownClusters(context, filter).length > 0 ||
    view.releases.some(({ namespace, name, health }) =>
      isShown(context, filter, `${namespace} ${name}`, health.level),
    ) ||
    view.operators.some(({ namespace, name, title, health }) =>
      isShown(context, filter, `${namespace} ${name} ${title}`, health.level),
    )
  );
}

function passesLevel(level: HealthLevel, { onlyUnhealthy }: TreeFilter): boolean {
  return !onlyUnhealthy || needsAttention(level);
}

function wordsOf({ text }: TreeFilter): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function hasWords(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const searched = text.toLowerCase();
  return words.every((word) => searched.includes(word));
}

function searchText({ cluster, health }: JudgedCluster): string {
  const { name, namespace, system, flavour } = cluster;
  // A TrainJob is found under both: the list of systems calls it a TFJob.
  const titles = [systemTitle(system), clusterTitle(cluster), flavour, flavourTitle(flavour)];
  return [name, namespace, ...titles, health.sentence].join(' ');
}

/** How much of all that is watched the filter lets through, as the message above the tree; undefined without a filter. */
export function describeFilter({ contexts, filter }: TreeInput): string | undefined {
  if (!isFiltering(filter)) return undefined;
  const all = contexts.reduce((sum, { view }) => sum + (view?.clusters.length ?? 0), 0);
  const shown = contexts.reduce((sum, context) => sum + shownClusters(context, filter).length, 0);
  const parts = [
    ...(filter.text.trim() === '' ? [] : [`“${filter.text.trim()}”`]),
    ...(filter.onlyUnhealthy ? ['only what needs attention'] : []),
  ];
  return `Filter: ${parts.join(', ')}. ${shown} of ${all} data clusters are shown.`;
}

/** Data clusters of all watched contexts that are unhealthy, whatever the filter. */
export function countUnhealthy(contexts: readonly TreeContext[]): number {
  return contexts
    .flatMap(({ view }) => view?.clusters ?? [])
    .reduce((sum, { health }) => sum + (health.level === 'unhealthy' ? 1 : 0), 0);
}
