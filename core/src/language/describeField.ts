import { formatGvk } from '#core/kubernetes/identity.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import type { DescriptionBook, FieldDescription } from '#core/schema/descriptions.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

export interface FieldPlace {
  readonly kind: KindSchema;
  /** Path of the object that holds the field. */
  readonly path: YamlPath;
  /** Schema of that object. */
  readonly holder: SchemaNode | undefined;
}

/** What a field is for: the words of the definition in the workspace, when it has some, otherwise ours. */
export function describeField(
  { kind, path, holder }: FieldPlace,
  field: string,
  book: DescriptionBook | undefined,
): FieldDescription | undefined {
  const upstream = holder?.property(field)?.raw.description;
  const own = book?.describe(formatGvk(kind), path, field, holder?.raw['x-type']);
  if (upstream === undefined) return own;
  return { text: upstream, ...(own?.documentation === undefined ? {} : { documentation: own.documentation }) };
}
