import type { ContextSummary } from '#core/live/ports.ts';
import { clusterTitle } from '#core/live/tree/titles.ts';
import { toldLimits } from '#core/live/toldLimits.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';
import type { SystemId } from '#core/systems/contract.ts';
import { statusJson } from '#server/cli/status/json.ts';
import { isRemarkable, levelWord, LEVELS } from '#server/cli/status/levels.ts';
import type { StatusOptions } from '#server/cli/status/parseStatus.ts';
import { palettes } from '#server/cli/writers/palette.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** The whole status as it is printed once. */
export function writeStatus(
  view: ContextView,
  context: ContextSummary,
  options: StatusOptions,
  hasColors: boolean,
): string {
  const clusters = wantedClusters(view, options.systems);
  if (options.format === 'json') return `${JSON.stringify(statusJson(view, context, clusters), undefined, 2)}\n`;
  const parts = [writeClusters(clusters, options, hasColors), writeSummary(clusters, view, context)];
  return [...parts, writeLimits(view)].filter((part) => part !== '').join('\n');
}

export function wantedClusters({ clusters }: ContextView, systems: readonly SystemId[]): readonly JudgedCluster[] {
  return clusters.filter(({ cluster }) => systems.length === 0 || systems.includes(cluster.system));
}

/** By namespace; the members of what is not well below it. */
function writeClusters(clusters: readonly JudgedCluster[], { members }: StatusOptions, hasColors: boolean): string {
  const palette = palettes[hasColors ? 'colored' : 'plain'];
  const width = Math.max(0, ...clusters.map(({ cluster }) => printable(cluster.name).length));
  let namespace: string | undefined;
  const lines: string[] = [];
  for (const judged of clusters) {
    const { cluster, health } = judged;
    if (cluster.namespace !== namespace) lines.push(palette.bold(printable(cluster.namespace)));
    ({ namespace } = cluster);
    const title = clusterTitle(cluster).padEnd(TITLE_WIDTH);
    const name = printable(cluster.name).padEnd(width);
    lines.push(`  ${levelWord(health.level, hasColors)}  ${title}  ${name}  ${printable(health.sentence)}`);
    lines.push(...writeMembers(judged, members, hasColors));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const TITLE_WIDTH = 'Cassandra'.length;

function writeMembers({ members, inside }: JudgedCluster, isAll: boolean, hasColors: boolean): readonly string[] {
  const shown = members.filter(({ health }) => isAll || isRemarkable(health.level));
  const width = Math.max(0, ...shown.map(({ member }) => printable(member.name).length));
  const lines = shown.map(({ member, health }) => {
    const name = printable(member.name).padEnd(width);
    return `    ${levelWord(health.level, hasColors)}  ${name}  ${printable(health.sentence)}`;
  });
  return [...lines, ...(inside?.problems ?? []).map((problem) => `    not asked: ${printable(problem)}`)];
}

function writeSummary(clusters: readonly JudgedCluster[], view: ContextView, context: ContextSummary): string {
  const place = view.namespaces ? `in ${view.namespaces.map(printable).join(', ')} ` : '';
  const where = `${place}of context ${printable(context.name)}${context.isDemo ? ' (a simulation)' : ''}`;
  if (clusters.length === 0) return `No data clusters were found ${where}.\n`;
  const counts = LEVELS.map((level) => ({
    level,
    count: clusters.filter(({ health }) => health.level === level).length,
  }));
  const told = counts.filter(({ count }) => count > 0).map(({ level, count }) => `${count} ${level}`);
  const noun = clusters.length === 1 ? 'data cluster' : 'data clusters';
  return `${clusters.length} ${noun} ${where}: ${told.join(', ')}.\n`;
}

/** What could not be seen, so that nobody takes silence for health. */
function writeLimits(view: ContextView): string {
  const { single, kinds } = toldLimits(view);
  const lines = single.map(({ verb, group, resource, namespace, reason }) => {
    const what = `${resource}${group === '' ? '' : `.${group}`}`;
    const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
    return `  cannot ${verb} ${what} ${where}${reason === '' ? '' : `: ${reason}`}`;
  });
  const names = new Set(kinds.map(({ resource, group }) => `${resource}.${group}`));
  if (names.size > 0) lines.push(`  cannot list ${names.size} kinds of operators, such as ${[...names][0] ?? ''}`);
  if (lines.length === 0) return '';
  return `Not everything could be seen:\n${lines.map((line) => `${printable(line)}\n`).join('')}`;
}
