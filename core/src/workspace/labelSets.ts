import { innerRange, isPlaceholder, type CollectedObject, type FactCollector } from '#core/workspace/collector.ts';
import type { LabelEntry, LabelRequirement, LabelSet } from '#core/workspace/facts.ts';
import {
  effectiveEntries,
  nodeAt,
  resolveAlias,
  textAt,
  type MapEntry,
  type YamlNode,
  type YamlPath,
} from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Where a kind has a selector of pods that it governs; `map` when the labels stand there without `matchLabels`. */
const SELECTORS: Readonly<Record<string, { readonly path: YamlPath; readonly form: 'map' | 'selector' }>> = {
  '/Service': { path: ['spec', 'selector'], form: 'map' },
  '/ReplicationController': { path: ['spec', 'selector'], form: 'map' },
  'apps/StatefulSet': { path: ['spec', 'selector'], form: 'selector' },
  'apps/Deployment': { path: ['spec', 'selector'], form: 'selector' },
  'apps/DaemonSet': { path: ['spec', 'selector'], form: 'selector' },
  'apps/ReplicaSet': { path: ['spec', 'selector'], form: 'selector' },
  'policy/PodDisruptionBudget': { path: ['spec', 'selector'], form: 'selector' },
  'networking.k8s.io/NetworkPolicy': { path: ['spec', 'podSelector'], form: 'selector' },
};

/** The selector with which an object governs pods. */
export function governingSelector(object: CollectedObject, facts: FactCollector): LabelSet | undefined {
  const row = SELECTORS[`${object.group}/${object.kind}`];
  if (!row) return undefined;
  return row.form === 'map'
    ? readSet(object, row.path, undefined, { role: 'selector', use: 'governing' }, facts)
    : readSelector(object, row.path, 'governing', facts);
}

/** The labels of a pod or pod template; `pod` is the path of its spec. */
export function podLabels(object: CollectedObject, pod: YamlPath, facts: FactCollector): LabelSet | undefined {
  const path = [...pod.slice(0, -1), 'metadata', 'labels'];
  return readSet(object, path, undefined, { role: 'pods', use: 'governing' }, facts);
}

/** A selector with `matchLabels` and `matchExpressions`. */
export function readSelector(
  object: CollectedObject,
  path: YamlPath,
  use: LabelSet['use'],
  facts: FactCollector,
): LabelSet | undefined {
  const node = resolveAlias(nodeAt(object.root, path));
  if (node?.kind !== 'map') return undefined;
  return readSet(object, [...path, 'matchLabels'], path, { role: 'selector', use }, facts);
}

function readSet(
  { root, base }: CollectedObject,
  path: YamlPath,
  selector: YamlPath | undefined,
  kind: Pick<LabelSet, 'role' | 'use'>,
  facts: FactCollector,
): LabelSet | undefined {
  const node = nodeAt(root, path);
  const map = resolveAlias(node);
  const holder = selector === undefined ? map : resolveAlias(nodeAt(root, selector));
  if (!holder || (map && map.kind !== 'map')) return undefined;
  const written = map ? effectiveEntries(map) : [];
  const entries = written.flatMap((entry) => readEntry(entry, facts) ?? []);
  return {
    ...kind,
    path: formatPath([...base, ...path]),
    entries,
    expressions: selector === undefined ? [] : readExpressions(root, [...selector, 'matchExpressions']),
    isWhole: entries.length === written.length,
    ...facts.place(holder.range),
  };
}

function readEntry({ key, value }: MapEntry, facts: FactCollector): LabelEntry | undefined {
  const scalar = resolveAlias(value);
  if (scalar?.kind !== 'scalar' || scalar.value.type !== 'string' || isPlaceholder(scalar.text)) return undefined;
  const { text } = scalar;
  const [keyRange, valueRange] = [innerRange(key), innerRange(scalar)];
  return {
    key: key.text,
    value: text,
    keyPlace: facts.place(keyRange),
    valuePlace: facts.place(valueRange),
    isVerbatim: facts.isVerbatim(keyRange, key.text) && facts.isVerbatim(valueRange, text),
  };
}

function readExpressions(root: YamlNode | undefined, path: YamlPath): readonly LabelRequirement[] {
  const node = resolveAlias(nodeAt(root, path));
  if (node?.kind !== 'sequence') return [];
  return node.items.map(({ value }) => {
    const values = resolveAlias(nodeAt(value, ['values']));
    return {
      key: textAt(value, ['key']) ?? '',
      operator: textAt(value, ['operator']) ?? '',
      values: values?.kind === 'sequence' ? values.items.map((item) => textAt(item.value, []) ?? '') : [],
    };
  });
}
