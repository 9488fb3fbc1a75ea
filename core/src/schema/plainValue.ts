import { resolveAlias, effectiveEntries, type ScalarNode, type YamlNode } from '#core/yaml/nodes.ts';

/** Deeper than any schema that the API server takes. */
const DEPTH_LIMIT = 150;

/** A tree as plain JSON values, as the API server would receive it; what nests too deep or refers to nothing is null. */
export function toPlainValue(node: YamlNode | undefined, depth = 0): unknown {
  const content = resolveAlias(node);
  if (!content || depth > DEPTH_LIMIT) return null;
  if (content.kind === 'scalar') return plainScalar(content);
  if (content.kind === 'sequence') return content.items.map((item) => toPlainValue(item.value, depth + 1));
  const entries = effectiveEntries(content).map(({ key, value }): [string, unknown] => [
    key.text,
    toPlainValue(value, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function plainScalar({ value }: ScalarNode): unknown {
  if (value.type === 'null') return null;
  return typeof value.value === 'bigint' ? Number(value.value) : value.value;
}
