import type {
  AliasNode,
  MapEntry,
  MapNode,
  ScalarNode,
  SequenceItem,
  SequenceNode,
  YamlNode,
} from '#core/yaml/nodes.ts';
import type { TextRange } from '#core/text/range.ts';

/** A copy of a tree whose maps can be rearranged. Ranges stay those of the text. */
export type DraftNode = DraftMap | DraftSequence | ScalarNode | AliasNode;

export interface DraftMap extends MapNode {
  readonly entries: DraftEntry[];
  /** Set for a map that stands nowhere in the text yet: the entry whose empty value it fills. */
  readonly host?: DraftEntry;
}

export interface DraftEntry extends MapEntry {
  value: DraftNode | undefined;
}

export interface DraftSequence extends SequenceNode {
  readonly items: DraftItem[];
}

export interface DraftItem extends SequenceItem {
  value: DraftNode | undefined;
}

export function toDraft(node: YamlNode): DraftNode {
  if (node.kind === 'map') return { ...node, entries: node.entries.map(toDraftEntry) };
  if (node.kind === 'sequence') {
    return { ...node, items: node.items.map((item) => ({ ...item, value: item.value && toDraft(item.value) })) };
  }
  return node;
}

export function toDraftEntry(entry: MapEntry): DraftEntry {
  return { ...entry, value: entry.value && toDraft(entry.value) };
}

/** A map that stands nowhere in the text yet, for a key whose value is still empty. */
export function emptyDraftMap(at: TextRange, host: DraftEntry): DraftMap {
  return { kind: 'map', flow: false, entries: [], range: at, host };
}
