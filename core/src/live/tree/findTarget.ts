import { objectOf, type LiveTarget } from '#core/live/target.ts';
import { findObject, placeOfCluster, type RowPlace } from '#core/live/tree/find.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeContext } from '#core/live/tree/input.ts';

/** The place of what an action was about, in its own context; undefined when nothing there stands for it. */
export function placeOfTarget(
  contexts: readonly TreeContext[],
  target: LiveTarget,
): Pick<RowPlace, 'path'> | undefined {
  const own = contexts.filter(({ summary }) => summary.name === target.context);
  switch (target.kind) {
    case 'context':
      return own.length === 0 ? undefined : { path: [rowIds.context(target.context)] };
    case 'namespace':
      return { path: [rowIds.context(target.context), rowIds.namespace(target.context, target.namespace)] };
    case 'dataCluster': {
      const clusters = own.flatMap(({ view }) => view?.clusters ?? []);
      const found = clusters.find(({ cluster }) => cluster.key === target.key);
      return found && placeOfCluster(target.context, found.cluster);
    }
    case 'object':
    case 'pod': {
      const object = objectOf(target);
      if (!object) return undefined;
      const { group, namespace, name } = object.address;
      return findObject(own, { group, kind: object.apiKind, namespace, name })[0];
    }
  }
}
