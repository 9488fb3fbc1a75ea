import { schemaOfKey } from '#core/lint/structure/objects.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

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
