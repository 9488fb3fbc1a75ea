import { ownerOf, partsOf } from '#core/live/jobs/parts.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';

/** What is particular about a data cluster of Spark; everything else follows from its resource and its members. */
export interface SparkClusterSketch {
  readonly name: string;
  /** What comes behind the name in the key, for everything that is no SparkApplication of Kubeflow; names alone may be equal. */
  readonly suffix?: string;
  readonly flavour: string;
  readonly resource: LiveCustom | undefined;
  readonly owner?: DataCluster['owner'];
  readonly members: readonly LiveMember[];
  readonly wanted?: number | undefined;
  readonly version: string;
  readonly workloads?: readonly LiveWorkload[];
  readonly customs?: readonly LiveCustom[];
  readonly successor?: string;
}

export function makeSparkCluster(objects: NamespaceObjects, sketch: SparkClusterSketch): DataCluster {
  const { name, suffix, resource, members, workloads = [], customs = [], successor } = sketch;
  const owners = new Set(
    [resource?.meta.uid, ...members.map(({ pod }) => pod?.meta.uid)].filter((uid) => uid !== undefined),
  );
  return {
    key: ['spark', objects.namespace, name, ...(suffix === undefined ? [] : [suffix])].join('/'),
    system: 'spark',
    flavour: sketch.flavour,
    namespace: objects.namespace,
    name,
    resource,
    owner: sketch.owner ?? (resource === undefined ? undefined : ownerOf(resource.meta)),
    members,
    wanted: sketch.wanted,
    version: sketch.version,
    workloads,
    ...partsOf(members, objects, owners),
    customs,
    ...(successor === undefined ? {} : { successor }),
    ...(objects.hidden.size === 0 ? {} : { hidden: [...objects.hidden].toSorted() }),
  };
}
