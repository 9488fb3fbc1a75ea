import type { Asker } from '#client/operations/asker.ts';
import { askThrottle, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';

export async function askScale({ data }: WishSubject, asker: Asker): Promise<ScaleWish | undefined> {
  const groups = groupsOf(data);
  const group = groups.length > 1 ? await askGroup(data, groups, asker) : groups[0];
  if (group === undefined && groups.length > 1) return undefined;
  const now = sizeOf(data, groups.length > 1 ? group : undefined);
  const text = await asker.input({
    title: `Scale ${group === undefined || groups.length < 2 ? data.name : group}`,
    prompt: `How many members there shall be; now there are ${now}.`,
    value: String(now),
    validate: (typed) => (/^\d{1,4}$/.test(typed.trim()) ? undefined : 'Write a number of members.'),
  });
  if (text === undefined) return undefined;
  const to = Number(text.trim());
  // Only who leaves has data to move away; streams of Cassandra have limits of their own.
  const throttle =
    to < now && data.system === 'kafka' ? await askThrottle(`Scale ${data.name} from ${now} to ${to}`, asker) : {};
  return (
    throttle && { operation: 'scale', to, ...(groups.length > 1 && group !== undefined ? { group } : {}), ...throttle }
  );
}

function askGroup(data: DataCluster, groups: readonly string[], asker: Asker): Promise<string | undefined> {
  const choices = groups.map((group) => ({
    label: group,
    description: `${sizeOf(data, group)} members`,
    value: group,
  }));
  return asker.pick(`Which part of ${data.name}?`, choices);
}

/** Node pools, or StatefulSets where there are no pools. */
function groupsOf({ members, workloads }: DataCluster): readonly string[] {
  const pools = [...new Set(members.flatMap(({ group }) => (group === '' ? [] : [group])))];
  return pools.length > 0 ? pools : workloads.map(({ meta }) => meta.name);
}

function sizeOf({ members, workloads, wanted }: DataCluster, group: string | undefined): number {
  if (group === undefined) return wanted ?? members.length;
  const workload = workloads.find(({ meta }) => meta.name === group);
  return workload?.replicas ?? members.filter((member) => member.group === group).length;
}
