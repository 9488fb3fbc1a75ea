import { parseApiVersion } from '#core/kubernetes/identity.ts';
import type { CursorPlace } from '#core/language/completion/cursor.ts';
import { schemaAt } from '#core/language/schemaAt.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { textAt, type YamlNode } from '#core/yaml/nodes.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';

/** A cursor together with what the schema says of the place. */
export interface TypedPlace extends CursorPlace {
  readonly kind: KindSchema | undefined;
  /** Schema of the map that takes the key, of the value, or of the list. */
  readonly schema: SchemaNode | undefined;
  /** Schema of the object around the value, for its well-known type. */
  readonly holder: SchemaNode | undefined;
  readonly catalog: SchemaCatalog;
  readonly workspace: WorkspaceIndex | undefined;
  readonly insertRequired: boolean;
}

export interface PlaceSources {
  readonly catalog: SchemaCatalog;
  readonly workspace?: WorkspaceIndex;
  readonly insertRequired?: boolean;
}

export function typePlace(place: CursorPlace, { catalog, workspace, insertRequired = true }: PlaceSources): TypedPlace {
  const kind = kindOf(place.root, catalog);
  const root = kind?.root();
  return {
    ...place,
    kind,
    schema: root && schemaAt(root, place.path, catalog),
    holder: root && schemaAt(root, place.path.slice(0, -1), catalog),
    catalog,
    workspace,
    insertRequired,
  };
}

function kindOf(root: YamlNode | undefined, catalog: SchemaCatalog): KindSchema | undefined {
  const apiVersion = parseApiVersion(textAt(root, ['apiVersion']) ?? '');
  const kind = textAt(root, ['kind']);
  return apiVersion && kind !== undefined ? catalog.find({ ...apiVersion, kind }) : undefined;
}
