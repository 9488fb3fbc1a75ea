import { readIdentity } from '#core/lint/readIdentity.ts';
import { nodeAt, resolveAlias, textAt, textEntriesAt, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';

/** What other documents may refer to in one resource. */
export interface ResourceFacts {
  readonly uri: string;
  /** Offset of the document in its file. */
  readonly offset: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  /** Labels of the pods a workload makes. */
  readonly templateLabels: readonly (readonly [string, string])[];
  /** Keys of a ConfigMap or Secret. Values are never kept. */
  readonly dataKeys: readonly string[];
  readonly portNames: readonly string[];
}

/** Facts of one document; undefined when it is no Kubernetes object with a name. */
export function readFacts(root: YamlNode | undefined, uri: string, offset: number): ResourceFacts | undefined {
  const identity = readIdentity(root);
  if (!identity || identity.name === '') return undefined;
  const containers = listAt(root, ['spec', 'template', 'spec', 'containers']);
  return {
    uri,
    offset,
    apiVersion: identity.apiVersion,
    kind: identity.kind,
    namespace: identity.namespace,
    name: identity.name,
    labels: textEntriesAt(root, ['metadata', 'labels']),
    templateLabels: textEntriesAt(root, ['spec', 'template', 'metadata', 'labels']),
    dataKeys: ['data', 'stringData', 'binaryData'].flatMap((field) => keysAt(root, [field])),
    portNames: containers.flatMap((container) =>
      listAt(container, ['ports']).flatMap((port) => textAt(port, ['name']) ?? []),
    ),
  };
}

function listAt(root: YamlNode | undefined, path: YamlPath): readonly (YamlNode | undefined)[] {
  const node = resolveAlias(nodeAt(root, path));
  return node?.kind === 'sequence' ? node.items.map((item) => item.value) : [];
}

function keysAt(root: YamlNode | undefined, path: YamlPath): readonly string[] {
  const node = resolveAlias(nodeAt(root, path));
  return node?.kind === 'map' ? node.entries.map((entry) => entry.key.text) : [];
}
