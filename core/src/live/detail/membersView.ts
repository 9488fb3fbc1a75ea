import { element, type DetailElement } from '#core/live/detail/html.ts';
import { restartsOf } from '#core/live/detail/jobViews.ts';
import { section, table, type Column } from '#core/live/detail/parts.ts';
import { clean, levelBadge, timeAgo } from '#core/live/detail/words.ts';
import type { JudgedCluster, JudgedMember } from '#core/live/view.ts';

export function membersSection({ cluster, members }: JudgedCluster, now: number): DetailElement {
  if (members.length === 0) return section('members', 'Members', element('p', {}, 'It has no members now.'));
  const count = cluster.wanted === undefined ? String(members.length) : `${members.length} of ${cluster.wanted}`;
  return section(
    'members',
    'Members',
    table(`Members: ${count}`, columnsFor(members, now), members, ({ member }) => member.name),
  );
}

/** Columns that say nothing for this cluster are left out. */
function columnsFor(members: readonly JudgedMember[], now: number): readonly Column<JudgedMember>[] {
  const has = (holds: (member: JudgedMember['member']) => boolean): boolean =>
    members.some(({ member }) => holds(member));
  const text = (title: string, of: (member: JudgedMember['member']) => string): Column<JudgedMember>[] =>
    has((member) => of(member) !== '') ? [{ title, cell: ({ member }) => clean(of(member)) }] : [];
  return [
    { title: 'Member', isHead: true, cell: ({ member }) => clean(member.name) },
    { title: 'Health', cell: ({ health }) => [levelBadge(health.level), ' ', clean(health.sentence)] },
    ...text('Role', ({ role }) => role),
    ...(has(({ index }) => index !== undefined)
      ? [{ title: 'Number', isNumber: true, cell: ({ member }: JudgedMember) => String(member.index ?? '') }]
      : []),
    ...text('Group', ({ group }) => group),
    ...text('Rack', ({ rack }) => rack),
    { title: 'Restarts', isNumber: true, cell: (judged) => String(restartsOf(judged)) },
    ...text('Node', ({ pod }) => pod?.node ?? ''),
    ...text('Version', ({ version }) => version),
    {
      title: 'Pod made',
      cell: ({ member: { pod } }) => (pod === undefined ? 'no pod' : timeAgo(pod.meta.createdAt, now)),
    },
  ];
}
