import { customObject, workloadObject } from '#core/live/clusterObject.ts';
import type { ManifestObject } from '#core/live/manifestObjects.ts';
import { plainText } from '#core/live/plainText.ts';
import type { LiveTarget, ObjectTarget } from '#core/live/target.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';

/** What is said above a manifest whose object exists in a cluster. */
export interface ManifestLens {
  /** Where the object begins in the file. */
  readonly start: number;
  /** `3/3 healthy in prod-eu`, with the reason when something is wrong. */
  readonly title: string;
  /** The row it leads to. */
  readonly row: LiveTarget;
  /** The object itself, for a comparison. */
  readonly object: ObjectTarget;
}

export interface WatchedContext {
  readonly name: string;
  readonly view: ContextView;
}

/** A lens for each object and context in which it is part of a data cluster. Where the manifest names no namespace, one match counts. */
export function lensesFor(
  objects: readonly ManifestObject[],
  contexts: readonly WatchedContext[],
): readonly ManifestLens[] {
  return objects.flatMap((object) =>
    contexts.flatMap((context) => {
      const found = matchesIn(object, context);
      const [match] = found;
      const isClear = object.namespace !== '' || found.length === 1;
      return match && isClear ? [lensOf(object, context.name, match)] : [];
    }),
  );
}

interface Match {
  readonly judged: JudgedCluster;
  readonly target: ObjectTarget;
  /** The object is the data cluster itself, not only a part of it. */
  readonly isWhole: boolean;
}

function matchesIn(object: ManifestObject, { name, view }: WatchedContext): readonly Match[] {
  return view.clusters.flatMap((judged): Match[] => {
    const { cluster } = judged;
    if (object.name === '' || (object.namespace !== '' && object.namespace !== cluster.namespace)) return [];
    const custom = [...(cluster.resource ? [cluster.resource] : []), ...cluster.customs].find(
      ({ group, customKind, meta }) =>
        group === object.group && customKind === object.kind && meta.name === object.name,
    );
    if (custom) {
      const isWhole = custom === cluster.resource;
      return [
        { judged, isWhole, target: customObject(name, { ...custom, version: object.version }, view.definitions) },
      ];
    }
    const workload = cluster.workloads.find(
      ({ kind, meta }) => object.group === 'apps' && kind === object.kind && meta.name === object.name,
    );
    return workload ? [{ judged, isWhole: true, target: workloadObject(name, workload) }] : [];
  });
}

function lensOf({ start }: ManifestObject, context: string, { judged, isWhole, target }: Match): ManifestLens {
  const { cluster, health, members } = judged;
  const row: LiveTarget = isWhole ? { kind: 'dataCluster', context, key: cluster.key } : target;
  if (!isWhole)
    return { start, title: `part of ${plainText(cluster.name)} in ${plainText(context)}`, row, object: target };
  const healthy = members.filter(
    (member) => member.health.level === 'healthy' || member.health.level === 'done',
  ).length;
  const total = Math.max(cluster.wanted ?? 0, members.length);
  const isWrong = health.level === 'unhealthy' || health.level === 'warning';
  const why = isWrong || total === 0 ? `: ${plainText(health.sentence, 120)}` : '';
  const count = total === 0 ? plainText(cluster.name) : `${healthy}/${total} healthy`;
  return { start, title: `${count} in ${plainText(context)}${why}`, row, object: target };
}
