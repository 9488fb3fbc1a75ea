import { shiftRange, type TextRange } from '#core/text/range.ts';
import type { LabelEntry, LabelSet, Occurrence } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import type { NavigationWorld } from '#core/language/navigation/world.ts';

/** A name under the cursor. */
export type SymbolAt =
  | {
      readonly kind: 'name';
      readonly object: IndexedObject;
      readonly occurrence: Occurrence;
      readonly range: TextRange;
    }
  | {
      readonly kind: 'label';
      readonly object: IndexedObject;
      readonly set: LabelSet;
      readonly entry: LabelEntry;
      readonly part: 'key' | 'value';
      readonly range: TextRange;
    };

/** The name at an offset of the file; undefined where none is that others may use. */
export function symbolAt({ here }: NavigationWorld, offset: number): SymbolAt | undefined {
  for (const object of here) {
    const at = offset - object.offset;
    const occurrence = object.occurrences.find(({ range }) => touches(range, at));
    if (occurrence) return { kind: 'name', object, occurrence, range: shiftRange(occurrence.range, object.offset) };
    const label = labelAt(object, at);
    if (label) return label;
  }
  return undefined;
}

function labelAt(object: IndexedObject, at: number): SymbolAt | undefined {
  for (const set of object.labelSets) {
    for (const entry of set.entries) {
      const part = touches(entry.keyPlace.range, at)
        ? 'key'
        : touches(entry.valuePlace.range, at)
          ? 'value'
          : undefined;
      if (!part) continue;
      const { range } = part === 'key' ? entry.keyPlace : entry.valuePlace;
      return { kind: 'label', object, set, entry, part, range: shiftRange(range, object.offset) };
    }
  }
  return undefined;
}

function touches({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end;
}
