import { effectiveEntries, resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';

/** Aliases may multiply a document; nodes beyond this count are left out. */
const NODE_LIMIT = 200_000;

/** A tree of YAML as the JSON that Helm makes of it: merge keys written out, scalars by the rules of go-yaml v2, nothing as null. */
export function toJson(node: YamlNode | undefined): unknown {
  return convert(node, { left: NODE_LIMIT });
}

function convert(node: YamlNode | undefined, budget: { left: number }): unknown {
  const content = resolveAlias(node);
  budget.left -= 1;
  if (!content || budget.left < 0) return null;
  if (content.kind === 'sequence') return content.items.map(({ value }) => convert(value, budget));
  if (content.kind === 'map') {
    const entries = effectiveEntries(content).map(({ key, value }) => [key.text, convert(value, budget)] as const);
    return Object.fromEntries(entries);
  }
  const { value } = content;
  if (value.type === 'null') return null;
  return typeof value.value === 'bigint' ? Number(value.value) : value.value;
}
