import type { LiveObject, LivePod, LiveWorkload } from '#core/live/objects.ts';
import { keptIfSame, sameShape } from '#core/live/sameShape.ts';

/**
 * The new object with the parts of the old one that say the same, so that what is known of those parts stays known and nothing is kept
 * twice.
 */
export function keptParts(old: LiveObject | undefined, fresh: LiveObject): LiveObject {
  if (old?.kind === 'Pod' && fresh.kind === 'Pod') {
    return { ...fresh, ...keptBuild(old, fresh), references: keptIfSame(old.references, fresh.references) };
  }
  return isWorkload(old) && isWorkload(fresh) ? { ...fresh, ...keptBuild(old, fresh) } : fresh;
}

type Built = Pick<LivePod, 'containers' | 'volumes'>;

function keptBuild(old: Built, fresh: Built): Built {
  return {
    containers: keptIfSame(old.containers, fresh.containers),
    volumes: keptIfSame(old.volumes, fresh.volumes),
  };
}

/**
 * Whether only the state of an object differs: what it belongs to, what it is made of and where it runs is the same. Expects parts that
 * are the same to be the very same, see keptParts.
 */
export function isSameBuild(old: LiveObject | undefined, fresh: LiveObject): boolean {
  if (!old || !hasSameMeta(old, fresh)) return false;
  if (old.kind === 'Pod' && fresh.kind === 'Pod') return isSamePod(old, fresh);
  if (!isWorkload(old) || !isWorkload(fresh)) return false;
  return old.meta.generation !== undefined && old.meta.generation === fresh.meta.generation;
}

function hasSameMeta({ meta: old }: LiveObject, { meta }: LiveObject): boolean {
  return (
    old.uid === meta.uid &&
    old.deletedAt === meta.deletedAt &&
    sameShape(old.labels, meta.labels) &&
    sameShape(old.annotations, meta.annotations) &&
    sameShape(old.owners, meta.owners)
  );
}

function isSamePod(old: LivePod, fresh: LivePod): boolean {
  return (
    old.phase === fresh.phase &&
    old.node === fresh.node &&
    old.ip === fresh.ip &&
    old.containers === fresh.containers &&
    old.volumes === fresh.volumes &&
    old.references === fresh.references
  );
}

function isWorkload(object: LiveObject | undefined): object is LiveWorkload {
  return object?.kind === 'StatefulSet' || object?.kind === 'Deployment' || object?.kind === 'DaemonSet';
}
