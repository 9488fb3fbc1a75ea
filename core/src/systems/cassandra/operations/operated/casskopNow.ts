import { isSetAt, listAt, numberAt, objectAt, objectOf, type JsonObject } from '#core/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';

/**
 * The CassandraCluster of CassKop as far as restarts go. A rack is restarted by `rollingRestart: true` of it, which CassKop takes back when it
 * begins, and goes as a roll of its StatefulSet down to `rollingPartition`. Source: CassKop 2.1, its API types and reconciler.
 */

/** A rack by the names of the topology. */
export interface RackName {
  readonly datacenter: string;
  readonly rack: string;
}

interface RackSpec extends RackName {
  readonly isAsked: boolean;
  readonly partition: number;
}

/** Empty without a topology: then CassKop makes one rack, which has no place for a restart to be asked for. */
export function topologyOf(spec: JsonObject): readonly RackSpec[] {
  return listAt(spec, 'topology', 'dc').flatMap((datacenter) =>
    listAt(datacenter, 'rack').map((rack) => ({
      datacenter: textAt(datacenter, 'name'),
      rack: textAt(rack, 'name'),
      isAsked: isSetAt(rack, 'rollingRestart'),
      partition: numberAt(rack, 'rollingPartition') ?? 0,
    })),
  );
}

export const isSameRack = (a: RackName, b: RackName): boolean => a.datacenter === b.datacenter && a.rack === b.rack;

/** Every datacenter as it is, but for the question of one rack: a merge patch replaces lists as a whole. Undefined when there is no such rack. */
export function datacentersAsking(object: JsonObject, wanted: RackName, isAsked: boolean): readonly unknown[] | undefined {
  if (!topologyOf(objectAt(object, 'spec')).some((rack) => isSameRack(rack, wanted))) return undefined;
  return listAt(object, 'spec', 'topology', 'dc').map((datacenter) => {
    if (textAt(datacenter, 'name') !== wanted.datacenter) return datacenter;
    const rack = listAt(datacenter, 'rack').map((one) =>
      textAt(one, 'name') === wanted.rack ? { ...objectOf(one), rollingRestart: isAsked } : one,
    );
    return { ...objectOf(datacenter), rack };
  });
}

/** Of actions and operations that are not over. */
const WORKING = new Set(['ToDo', 'Ongoing', 'Continue', 'Finalizing', 'Configuring']);

/** What CassKop is at, without a full stop; undefined when it is at rest. */
export interface CasskopUnrest {
  /** It will not go on by itself. */
  readonly isStuck: boolean;
  readonly text: string;
}

export function casskopUnrest({ meta, status }: LiveCustom): CasskopUnrest | undefined {
  const phase = textAt(status, 'phase');
  if (phase !== 'Running') return { isStuck: false, text: `${meta.name} is in phase ${phase || 'unknown'}` };
  const action = textAt(status, 'lastClusterAction');
  const state = textAt(status, 'lastClusterActionStatus');
  if (state === 'Error') return { isStuck: true, text: `CassKop has failed at ${action} of ${meta.name}` };
  if (WORKING.has(state)) return { isStuck: false, text: `CassKop is at ${action} of ${meta.name} (${state})` };
  const [first] = rackWorks(status);
  return first === undefined ? undefined : { isStuck: false, text: first };
}

function rackWorks(status: JsonObject): readonly string[] {
  return Object.entries(objectAt(status, 'cassandraRackStatus')).flatMap(([rack, own]) =>
    (['cassandraLastAction', 'podLastOperation'] as const).flatMap((name) => {
      const work = objectAt(own, name);
      const state = textAt(work, 'status');
      return WORKING.has(state) ? [`CassKop is at ${textAt(work, 'name')} of rack ${rack} (${state})`] : [];
    }),
  );
}
