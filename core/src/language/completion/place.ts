import type { CursorPlace } from '#core/language/completion/cursor.ts';
import { ownerAt } from '#core/language/owner.ts';
import { schemaAt } from '#core/language/schemaAt.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
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
  /** Kubernetes minor the manifest is for; all fields are offered when it is left out. */
  readonly kubernetesVersion: string | undefined;
}

export interface PlaceSources {
  readonly catalog: SchemaCatalog;
  readonly workspace?: WorkspaceIndex;
  readonly insertRequired?: boolean;
  readonly kubernetesVersion?: string;
}

export function typePlace(
  place: CursorPlace,
  { catalog, workspace, insertRequired = true, kubernetesVersion }: PlaceSources,
): TypedPlace {
  const { kind, root: node, path } = ownerAt(place.root, place.path, catalog);
  const root = kind?.root();
  return {
    ...place,
    root: node,
    path,
    kind,
    schema: root && schemaAt(root, path, catalog),
    holder: root && schemaAt(root, path.slice(0, -1), catalog),
    catalog,
    workspace,
    insertRequired,
    kubernetesVersion,
  };
}
