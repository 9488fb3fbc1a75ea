import { DocumentParser } from '#core/yaml/documents.ts';
import { nodeAt, resolveAlias, textAt, type YamlNode } from '#core/yaml/nodes.ts';

/** Names a kustomization may have. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** The files a kustomization names as patches, as written: relative to its folder. Such files are parts of objects. */
export function readPatchPaths(text: string): readonly string[] {
  return new DocumentParser(1).parseFile(text).flatMap(({ document: { root } }) => [
    ...itemsAt(root, 'patches').flatMap((item) => textAt(item, ['path']) ?? []),
    ...itemsAt(root, 'patchesJson6902').flatMap((item) => textAt(item, ['path']) ?? []),
    // An inline patch stands here as a text of its own.
    ...itemsAt(root, 'patchesStrategicMerge')
      .flatMap((item) => textAt(item, []) ?? [])
      .filter(isFileName),
  ]);
}

function itemsAt(root: YamlNode | undefined, key: string): readonly (YamlNode | undefined)[] {
  const node = resolveAlias(nodeAt(root, [key]));
  return node?.kind === 'sequence' ? node.items.map(({ value }) => value) : [];
}

function isFileName(text: string): boolean {
  return !/\n|:\s/.test(text);
}
