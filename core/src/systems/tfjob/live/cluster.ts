import { ownerOf, partsOf } from '#core/live/jobs/parts.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, NamespaceObjects } from '#core/live/objects.ts';

export interface JobSketch {
  readonly name: string;
  /** What comes behind the name in the key, for everything that is no TFJob. */
  readonly suffix?: string;
  readonly flavour: string;
  readonly resource: LiveCustom | undefined;
  readonly members: readonly LiveMember[];
  readonly wanted: number | undefined;
  readonly customs?: readonly LiveCustom[];
  readonly successor?: string;
}

export function makeJob(objects: NamespaceObjects, sketch: JobSketch): DataCluster {
  const { name, suffix, resource, members, customs = [], successor } = sketch;
  return {
    key: ['tfjob', objects.namespace, name, ...(suffix === undefined ? [] : [suffix])].join('/'),
    system: 'tfjob',
    flavour: sketch.flavour,
    namespace: objects.namespace,
    name,
    resource,
    owner: resource === undefined ? undefined : ownerOf(resource.meta),
    members,
    wanted: sketch.wanted,
    version: '',
    workloads: [],
    ...partsOf(members, objects, new Set(resource === undefined ? [] : [resource.meta.uid])),
    customs,
    ...(successor === undefined ? {} : { successor }),
    ...(objects.hidden.size === 0 ? {} : { hidden: [...objects.hidden].toSorted() }),
  };
}
