import { KUSTOMIZATION_NAMES, readPatchPaths } from '#core/lint/kustomization.ts';
import { FactCollector, isPlaceholder, readName } from '#core/workspace/collector.ts';
import type { ObjectFacts } from '#core/workspace/facts.ts';
import { resolveUri } from '#core/workspace/uri.ts';
import { nodeAt, resolveAlias, textAt, type MapNode, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** What a kustomization makes of the files it lists. */
export interface KustomizationFacts {
  /** Files and folders it lists, as URIs; those it cannot name that way are left out and `isPlain` is false. */
  readonly resources: readonly string[];
  /** Files that are parts of objects. */
  readonly patchFiles: readonly string[];
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether everything it makes can be known from the files it lists. */
  readonly isPlain: boolean;
  /** Whether it changes fields of the objects. */
  readonly isPatching: boolean;
  /** ConfigMaps and Secrets it makes. */
  readonly generated: readonly ObjectFacts[];
}

/** What brings objects from elsewhere. */
const FOREIGN = ['helmCharts', 'helmChartInflationGenerator', 'generators', 'transformers', 'crds'];
/** What changes fields of the objects it lists. */
const PATCHING = [
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'vars',
  'replicas',
  'labels',
  'commonLabels',
];

const GENERATORS: readonly (readonly [string, 'ConfigMap' | 'Secret'])[] = [
  ['configMapGenerator', 'ConfigMap'],
  ['secretGenerator', 'Secret'],
];

export function isKustomizationUri(uri: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => uri.endsWith(`/${name}`));
}

/** Names a kustomization file can have in a folder. */
export function kustomizationsIn(folder: string): readonly string[] {
  return KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`);
}

export function readKustomization(uri: string, text: string): KustomizationFacts {
  const { root, recovered } = parseDocumentText(text);
  const folder = uri.slice(0, uri.lastIndexOf('/'));
  const written = ['resources', 'bases', 'components'].flatMap((field) => textsAt(root, [field]));
  const resolved = written.map((path) => (isLocal(path) ? resolveUri(folder, path) : undefined));
  const has = (field: string): boolean => nodeAt(root, [field]) !== undefined;
  const namespace = textAt(root, ['namespace']);
  return {
    resources: resolved.filter((path) => path !== undefined),
    patchFiles: readPatchPaths(text).map((path) => resolveUri(folder, path)),
    namespace: namespace === undefined || isPlaceholder(namespace) ? undefined : namespace,
    prefix: textAt(root, ['namePrefix']) ?? '',
    suffix: textAt(root, ['nameSuffix']) ?? '',
    isPlain: !recovered && !resolved.includes(undefined) && !FOREIGN.some(has),
    isPatching: PATCHING.some(has),
    generated: GENERATORS.flatMap(([field, kind]) => readGenerators(root, field, kind, text)),
  };
}

/** Not a URL, a repository or a query of one. */
function isLocal(path: string): boolean {
  return !/:\/\/|^git@|\?|^github\.com/.test(path) && !isPlaceholder(path);
}

function readGenerators(
  root: YamlNode | undefined,
  field: string,
  kind: 'ConfigMap' | 'Secret',
  text: string,
): readonly ObjectFacts[] {
  const list = resolveAlias(nodeAt(root, [field]));
  if (list?.kind !== 'sequence') return [];
  return list.items.flatMap(({ value }, index) => {
    const item = resolveAlias(value);
    return item?.kind === 'map' ? (readGenerator(item, [field, index], kind, text) ?? []) : [];
  });
}

function readGenerator(
  item: MapNode,
  path: YamlPath,
  kind: 'ConfigMap' | 'Secret',
  text: string,
): ObjectFacts | undefined {
  const name = readName(nodeAt(item, ['name']));
  if (!name) return undefined;
  const namespace = textAt(item, ['namespace']);
  const facts = new FactCollector(text);
  facts.add(name, [...path, 'name'], { symbol: 'object', role: 'definition', target: kind, namespace });
  const literals = textsAt(item, ['literals']).flatMap((literal) => literal.split('=', 1));
  const files = textsAt(item, ['files']).map((file) => file.split('=', 1)[0]?.replace(/^.*\//, '') ?? '');
  const isMerged = textAt(item, ['behavior']) === 'merge' || textAt(item, ['behavior']) === 'replace';
  const hasFiles = nodeAt(item, ['envs']) !== undefined || nodeAt(item, ['env']) !== undefined;
  return {
    apiVersion: 'v1',
    group: '',
    kind,
    namespace,
    name: name.text,
    namePlace: facts.place(name.range),
    prefix: `${path.join('[')}]`,
    labels: [],
    annotations: [],
    templateLabels: [],
    dataKeys: [...literals, ...files],
    hasAllKeys: !isMerged && !hasFiles && literals.length + files.length > 0,
    portNames: [],
    hasPods: false,
    labelSets: [],
    occurrences: facts.occurrences,
    values: {},
  };
}

function textsAt(root: YamlNode | undefined, path: YamlPath): readonly string[] {
  const node = resolveAlias(nodeAt(root, path));
  return node?.kind === 'sequence' ? node.items.flatMap(({ value }) => textAt(value, []) ?? []) : [];
}
