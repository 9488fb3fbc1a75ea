import { checkValue } from '#core/lint/structure/walk.ts';
import type { DecoderKind, StructureContext } from '#core/lint/structure/context.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlNode } from '#core/yaml/nodes.ts';

/** How many findings a value would have under a schema: zero when it fits. */
export function countMisfits(
  value: YamlNode | undefined,
  schema: SchemaNode,
  decoder: DecoderKind,
  completeness: StructureContext['completeness'] = 'partial',
): number {
  let count = 0;
  const anchor = { start: 0, end: 0 };
  checkValue(
    value,
    schema,
    { place: undefined, entry: undefined, anchor },
    {
      text: '',
      decoder,
      kubernetesVersion: '',
      completeness,
      isTemplated: () => false,
      report: () => {
        count++;
      },
    },
  );
  return count;
}
