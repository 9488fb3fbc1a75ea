import { listNames } from '#core/lint/structure/describe.ts';
import type { RawSchema } from '#core/schema/node.ts';
import { effectiveEntries, findEntry, resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';

/**
 * Why a value breaks anyOf, oneOf, allOf or not, in one sentence; undefined when it does not.
 * In a structural schema these hold value constraints only, so the branches never describe alternative shapes.
 */
export function explainCombination(node: YamlNode, raw: RawSchema): string | undefined {
  if (raw['x-kubernetes-int-or-string'] || raw.format === 'quantity') return undefined;
  if (raw.allOf) {
    for (const branch of raw.allOf) {
      if (!satisfies(node, branch)) return explainBranch(node, branch);
    }
  }
  if (raw.anyOf && !raw.anyOf.some((branch) => satisfies(node, branch))) {
    return `None of the allowed forms fits: ${describeBranches(raw.anyOf)}.`;
  }
  if (raw.oneOf) {
    const fitting = raw.oneOf.filter((branch) => satisfies(node, branch)).length;
    if (fitting !== 1) {
      return `Exactly one of these must be given${fitting > 1 ? ', but more than one is' : ''}: ${describeBranches(raw.oneOf)}.`;
    }
  }
  if (raw.not && satisfies(node, raw.not)) return `This is not allowed here: ${describeBranch(raw.not)}.`;
  return undefined;
}

/** Whether a value meets a constraint schema. What cannot be judged counts as met. */
function satisfies(node: YamlNode | undefined, raw: RawSchema): boolean {
  const content = resolveAlias(node);
  if (!content) return true;
  if (raw.type !== undefined && !hasType(content, raw.type)) return false;
  if (raw.enum && content.kind === 'scalar' && !raw.enum.some((value) => String(value) === content.text)) return false;
  if (content.kind === 'map' && !mapSatisfies(content, raw)) return false;
  if (content.kind === 'sequence' && !listSatisfies(content.items.length, raw)) return false;
  if (content.kind === 'scalar' && !scalarSatisfies(content.text, Number(content.text), raw)) return false;
  return explainCombination(content, raw) === undefined;
}

function mapSatisfies(map: Parameters<typeof findEntry>[0], raw: RawSchema): boolean {
  const count = effectiveEntries(map).length;
  if (raw.required?.some((name) => isAbsent(findEntry(map, name)?.value))) return false;
  if (raw.minProperties !== undefined && count < raw.minProperties) return false;
  if (raw.maxProperties !== undefined && count > raw.maxProperties) return false;
  return Object.entries(raw.properties ?? {}).every(([name, child]) => {
    const value = findEntry(map, name)?.value;
    return typeof child === 'string' || value === undefined || satisfies(value, child);
  });
}

function isAbsent(node: YamlNode | undefined): boolean {
  const content = resolveAlias(node);
  return !content || (content.kind === 'scalar' && content.value.type === 'null');
}

function listSatisfies(count: number, raw: RawSchema): boolean {
  return (raw.minItems === undefined || count >= raw.minItems) && (raw.maxItems === undefined || count <= raw.maxItems);
}

function scalarSatisfies(text: string, value: number, raw: RawSchema): boolean {
  if (raw.minLength !== undefined && text.length < raw.minLength) return false;
  if (raw.maxLength !== undefined && text.length > raw.maxLength) return false;
  if (raw.minimum !== undefined && (raw.exclusiveMinimum ? value <= raw.minimum : value < raw.minimum)) return false;
  if (raw.maximum !== undefined && (raw.exclusiveMaximum ? value >= raw.maximum : value > raw.maximum)) return false;
  return raw.pattern === undefined || matches(text, raw.pattern);
}

function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function hasType(content: Exclude<YamlNode, { kind: 'alias' }>, type: NonNullable<RawSchema['type']>): boolean {
  if (content.kind === 'map') return type === 'object';
  if (content.kind === 'sequence') return type === 'array';
  const read = content.value.type;
  if (type === 'number') return read === 'integer' || read === 'float';
  return read === type;
}

function explainBranch(node: YamlNode, branch: RawSchema): string {
  return explainCombination(node, branch) ?? `This does not meet a condition of the schema: ${describeBranch(branch)}.`;
}

function describeBranches(branches: readonly RawSchema[]): string {
  return listNames(branches.map(describeBranch));
}

function describeBranch(branch: RawSchema): string {
  if (branch.required && branch.required.length > 0) return branch.required.join(' with ');
  if (branch.not) return `not ${describeBranch(branch.not)}`;
  if (branch.enum) return branch.enum.map(String).join(', ');
  if (branch.pattern !== undefined) return `the pattern ${branch.pattern}`;
  const properties = Object.keys(branch.properties ?? {});
  if (properties.length > 0) return properties.join(' with ');
  return branch.type === undefined ? 'another form' : `a value of type ${branch.type}`;
}
