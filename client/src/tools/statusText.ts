import { plainText } from '#core/live/plainText.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';

/** Which data clusters somebody wants to hear of; all when nothing is named. */
export interface StatusFilter {
  readonly system: string;
  readonly name: string;
  readonly namespace: string;
  readonly isOnlyUnhealthy: boolean;
}

const calm = new Set(['healthy', 'done', 'working']);
const MOST = 50;

/** How the data clusters of a context are and why, as lines of plain text: sentences the tree shows too, and what they rest on. */
export function statusText(context: string, view: ContextView, filter: StatusFilter): string {
  const wanted = view.clusters.filter((judged) => isWanted(judged, filter));
  if (wanted.length === 0) return `Context ${plainText(context)}: no such data cluster.`;
  const shown = wanted.slice(0, MOST).flatMap(linesOf);
  const more = wanted.length > MOST ? [`... and ${wanted.length - MOST} more; ask for one by its name.`] : [];
  return [`Context ${plainText(context)}:`, ...shown, ...more].join('\n');
}

function isWanted({ cluster, health }: JudgedCluster, filter: StatusFilter): boolean {
  return (
    (filter.system === '' || cluster.system === filter.system) &&
    (filter.name === '' || cluster.name === filter.name) &&
    (filter.namespace === '' || cluster.namespace === filter.namespace) &&
    !(filter.isOnlyUnhealthy && calm.has(health.level))
  );
}

function linesOf({ cluster, health, members }: JudgedCluster): readonly string[] {
  const { system, name, namespace, resource, flavour, version } = cluster;
  const what = [resource?.customKind ?? '', flavour, version]
    .filter((text) => text !== '')
    .map((text) => plainText(text));
  return [
    `- ${system}/${plainText(name)} in namespace ${plainText(namespace)} (${what.join(', ')}): ${health.level}. ${plainText(health.sentence)}`,
    ...health.evidence.slice(0, 10).map(({ level, text, source }) => `  - ${source}, ${level}: ${plainText(text)}`),
    ...members
      .filter((member) => !calm.has(member.health.level))
      .slice(0, 10)
      .map(({ member, health: one }) => `  - ${plainText(member.name)}, ${one.level}: ${plainText(one.sentence)}`),
  ];
}
