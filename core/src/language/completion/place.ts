import { parseApiVersion } from '#core/kubernetes/identity.ts';
import type { CursorPlace } from '#core/language/completion/cursor.ts';
import { schemaOfKey } from '#core/lint/structure/objects.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { textAt, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
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
}

export function typePlace(
  place: CursorPlace,
  catalog: SchemaCatalog,
  workspace: WorkspaceIndex | undefined,
): TypedPlace {
  const kind = kindOf(place.root, catalog);
  const root = kind?.root();
  return {
    ...place,
    kind,
    schema: root && schemaAt(root, place.path, catalog),
    holder: root && schemaAt(root, place.path.slice(0, -1), catalog),
    catalog,
    workspace,
  };
}

function kindOf(root: YamlNode | undefined, catalog: SchemaCatalog): KindSchema | undefined {
  const apiVersion = parseApiVersion(textAt(root, ['apiVersion']) ?? '');
  const kind = textAt(root, ['kind']);
  return apiVersion && kind !== undefined ? catalog.find({ ...apiVersion, kind }) : undefined;
}

/** The schema at a path; for a place that is only known by its well-known type, that type. */
export function schemaAt(root: SchemaNode, path: YamlPath, catalog: SchemaCatalog): SchemaNode | undefined {
  let schema: SchemaNode | undefined = root;
  for (const step of path) {
    if (!schema) return undefined;
    if (typeof step === 'number') schema = schema.items;
    else {
      const child: SchemaNode | 'free' | 'unknown' = schemaOfKey(schema, step);
      schema = child === 'free' || child === 'unknown' ? undefined : child;
    }
    schema = schema && fillIn(schema, catalog);
  }
  return schema;
}

/** Metadata of a kind from a CRD file is an object without fields of its own; everybody knows its fields all the same. */
function fillIn(schema: SchemaNode, catalog: SchemaCatalog): SchemaNode {
  if (schema.raw.properties || schema.raw['x-type'] === undefined) return schema;
  return catalog.wellKnownType(schema.raw['x-type']) ?? schema;
}
