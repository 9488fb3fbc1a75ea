import type { SymbolAt } from '#core/language/navigation/symbol.ts';
import {
  isSameObject,
  placeIn,
  viewOf,
  type NavigationWorld,
  type SymbolPlace,
} from '#core/language/navigation/world.ts';
import type { LabelEntry, LabelSet } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { selects } from '#core/workspace/labels.ts';

export type LabelAt = Extract<SymbolAt, { kind: 'label' }>;

export interface LabelNode {
  readonly object: IndexedObject;
  readonly set: LabelSet;
  readonly entry: LabelEntry;
}

/** Pods and selectors that hang together by a label: the pods a selector selects, and the other selectors of those. */
export function labelFamily({ object, set, entry }: LabelAt, world: NavigationWorld): readonly LabelNode[] {
  const objects = world.isManifest ? world.all : world.here;
  const candidates = objects.flatMap((holder) => nodesOf(holder, entry));
  const found: LabelNode[] = [{ object, set, entry }];
  for (let at = 0; at < found.length; at++) {
    const current = found[at];
    if (!current) break;
    for (const candidate of candidates) {
      const isKnown = found.some(
        (node) => isSameObject(node.object, candidate.object) && node.set.path === candidate.set.path,
      );
      if (!isKnown && areJoined(current, candidate, world)) found.push(candidate);
    }
  }
  return found;
}

export function placesOfLabel(label: LabelAt, world: NavigationWorld): readonly SymbolPlace[] {
  return labelFamily(label, world).map(({ object, set, entry }) =>
    placeIn(object, label.part === 'key' ? entry.keyPlace : entry.valuePlace, {
      role: set.role === 'pods' ? 'definition' : 'reference',
      isVerbatim: entry.isVerbatim,
    }),
  );
}

function nodesOf(object: IndexedObject, { key, value }: LabelEntry): readonly LabelNode[] {
  return object.labelSets.flatMap((set) => {
    const entry = set.entries.find((each) => each.key === key && each.value === value);
    return entry ? [{ object, set, entry }] : [];
  });
}

function areJoined(a: LabelNode, b: LabelNode, world: NavigationWorld): boolean {
  const [selector, pods] = a.set.role === 'selector' ? [a, b] : [b, a];
  if (selector.set.role !== 'selector' || pods.set.role !== 'pods') return false;
  if (selects(selector.set, pods.set) !== true) return false;
  if (isSameObject(selector.object, pods.object)) return true;
  // A workload governs its own pods only, whatever else its selector would match.
  if (selector.object.hasPods && selector.set.use === 'governing') return false;
  return viewOf(selector.object, world)
    .ofKind(pods.object.kind)
    .some((object) => isSameObject(object, pods.object));
}
