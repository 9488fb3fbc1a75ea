import { readIdentity } from '#core/lint/decode/identity.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import { nodeAt, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';

/** The object a place belongs to, and the way from that object's root to the place. */
export interface Owner {
  readonly kind: KindSchema | undefined;
  readonly root: YamlNode | undefined;
  readonly path: YamlPath;
}

/** The document itself, or the item of a `List` that the place is in. */
export function ownerAt(root: YamlNode | undefined, path: YamlPath, catalog: SchemaCatalog): Owner {
  const identity = readIdentity(root);
  const kind = identity && catalog.find(identity);
  const isInList = identity?.group === '' && identity.kind === 'List' && path[0] === 'items' && path.length >= 2;
  if (!isInList) return { kind, root, path };
  const item = nodeAt(root, path.slice(0, 2));
  const inner = readIdentity(item);
  return { kind: inner && catalog.find(inner), root: item, path: path.slice(2) };
}
