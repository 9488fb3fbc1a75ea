import type { LiveMember } from '#core/live/model.ts';
import type { Cluster } from '#core/live/ports.ts';
import { AT_ONCE, inParallel } from '#core/systems/cassandra/live/asking.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';

/** Where the claim of a node is mounted; empty when it has none. */
export function dataDirectory({ pod, container }: LiveMember): string {
  const claims = new Set(pod?.volumes.filter(({ source }) => source === 'claim').map(({ name }) => name));
  const mounts = pod?.containers.find(({ name }) => name === container)?.mounts ?? [];
  return mounts.find(({ volume }) => claims.has(volume))?.path ?? '';
}

/** By pod; undefined where the container does not tell. No Java machine is started for it. @throws ClusterProblem */
export async function disksOf(
  members: readonly LiveMember[],
  directories: ReadonlyMap<string, string>,
  cluster: Cluster,
): Promise<ReadonlyMap<string, DiskRoom | undefined>> {
  const door = new RingDoor(cluster, new Map(members.map(({ name, container }) => [name, container])));
  const found = new Map<string, DiskRoom | undefined>();
  await inParallel(members, AT_ONCE, async ({ name, pod }) => {
    const directory = directories.get(name) ?? '';
    if (pod && directory !== '') found.set(name, await door.disk(pod, directory));
  });
  return found;
}
