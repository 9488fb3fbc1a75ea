import { ownerAt, type Owner } from '#core/language/owner.ts';
import type { AnalyzedSlice } from '#core/lint/engine.ts';
import { containsOffset, type TextRange } from '#core/text/range.ts';
import { findSlice } from '#core/yaml/documents.ts';
import type { MapEntry, ScalarNode, YamlNode, YamlPath } from '#core/yaml/nodes.ts';
import type { DocumentView } from '#core/language/view.ts';

/** The word under the cursor, as part of the object. */
export interface LocatedWord {
  readonly slice: AnalyzedSlice;
  readonly role: 'key' | 'value';
  /** The object the word is part of; its path leads to the field or list item of the word. */
  readonly owner: Owner;
  /** The same path from the root of the document. */
  readonly path: YamlPath;
  readonly entry: MapEntry | undefined;
  readonly value: YamlNode | undefined;
  /** In the file. */
  readonly range: TextRange;
}

/** The document an offset stands in. */
export function sliceAt(view: DocumentView, offset: number): AnalyzedSlice | undefined {
  const { slices } = view.checked.analysis;
  const found = findSlice(slices, offset);
  return found && slices[found.index];
}

/** Finds the key or value at an offset of the file, in the tree that was checked: misplaced blocks count where they belong. */
export function locateWord(view: DocumentView, offset: number): LocatedWord | undefined {
  const slice = sliceAt(view, offset);
  if (!slice) return undefined;
  const found = findWord(slice.analysis.root, offset - slice.offset, []);
  if (!found) return undefined;
  const { range, ...rest } = found;
  const owner = ownerAt(slice.analysis.root, rest.path, view.engine.context.catalog);
  return { slice, owner, ...rest, range: { start: range.start + slice.offset, end: range.end + slice.offset } };
}

export type FoundWord = Omit<LocatedWord, 'slice' | 'owner'>;

/** Blocks that were moved stand outside the range of what holds them now, so ranges of collections say nothing here. */
export function findWord(node: YamlNode | undefined, offset: number, path: YamlPath): FoundWord | undefined {
  if (node?.kind === 'map') {
    for (const entry of node.entries) {
      const found = findInEntry(entry, offset, [...path, entry.key.text]);
      if (found) return found;
    }
    return undefined;
  }
  if (node?.kind !== 'sequence') return undefined;
  for (const [index, item] of node.items.entries()) {
    const here = [...path, index];
    if (isWordAt(item.value, offset)) {
      return { role: 'value', path: here, entry: undefined, value: item.value, range: item.value.range };
    }
    const found = findWord(item.value, offset, here);
    if (found) return found;
  }
  return undefined;
}

function findInEntry(entry: MapEntry, offset: number, path: YamlPath): FoundWord | undefined {
  const { key, value } = entry;
  if (containsOffset(key.range, offset)) return { role: 'key', path, entry, value, range: key.range };
  if (isWordAt(value, offset)) return { role: 'value', path, entry, value, range: value.range };
  return findWord(value, offset, path);
}

function isWordAt(node: YamlNode | undefined, offset: number): node is ScalarNode {
  return node?.kind === 'scalar' && containsOffset(node.range, offset);
}
