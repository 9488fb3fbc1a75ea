import type { NodeView } from '#core/lint/rules/view.ts';

/** A file that a volume makes of something: an item of its source. */
export interface VolumeFile {
  readonly item: NodeView;
  /** Path of the item as the server prints it: without an index in downwardAPI. */
  readonly path: string;
  readonly from: 'key' | 'field';
}

/** A place of a volume that holds files: the source itself, or a part of a projected one. */
export interface VolumeFiles {
  readonly holder: NodeView;
  readonly files: readonly VolumeFile[];
}

const FROM_KEYS = ['configMap', 'secret'];

/** The files that a source of a volume names one by one. */
export function filesOf(source: NodeView): readonly VolumeFiles[] {
  if (source.step !== 'projected') return listFiles(source);
  return source
    .field('sources')
    .items.flatMap((projection) =>
      ['secret', 'configMap', 'downwardAPI'].flatMap((name) => listFiles(projection.field(name))),
    );
}

function listFiles(holder: NodeView): readonly VolumeFiles[] {
  const { items } = holder.field('items');
  if (holder.step === 'downwardAPI') {
    return [{ holder, files: items.map((item) => ({ item, path: holder.path, from: 'field' })) }];
  }
  if (!FROM_KEYS.includes(String(holder.step))) return [];
  return [{ holder, files: items.map((item) => ({ item, path: item.path, from: 'key' })) }];
}
