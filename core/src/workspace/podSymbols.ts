import type { CollectedObject, FactCollector } from '#core/workspace/collector.ts';
import { nodeAt, resolveAlias, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Handlers that name a port of their container. */
const HANDLERS: readonly YamlPath[] = [
  ['livenessProbe', 'httpGet', 'port'],
  ['livenessProbe', 'tcpSocket', 'port'],
  ['readinessProbe', 'httpGet', 'port'],
  ['readinessProbe', 'tcpSocket', 'port'],
  ['startupProbe', 'httpGet', 'port'],
  ['startupProbe', 'tcpSocket', 'port'],
  ['lifecycle', 'postStart', 'httpGet', 'port'],
  ['lifecycle', 'preStop', 'httpGet', 'port'],
  ['lifecycle', 'preStop', 'tcpSocket', 'port'],
];

const DEFAULT_CONTAINER = ['metadata', 'annotations', 'kubectl.kubernetes.io/default-container'];

/** Names inside one pod: volumes, ports and containers, with the claims of a StatefulSet among the volumes. */
export function collectPod(object: CollectedObject, pod: YamlPath, facts: FactCollector): void {
  const { root, base } = object;
  const owner = formatPath([...base, ...pod]);
  const add = (symbol: 'volume' | 'port' | 'container', role: 'definition' | 'reference', path: YamlPath): void =>
    facts.add(nodeAt(root, path), [...base, ...path], { symbol, role, owner });
  for (const index of indexesAt(root, [...pod, 'volumes'])) {
    add('volume', 'definition', [...pod, 'volumes', index, 'name']);
  }
  if (object.kind === 'StatefulSet') {
    for (const index of indexesAt(root, ['spec', 'volumeClaimTemplates'])) {
      add('volume', 'definition', ['spec', 'volumeClaimTemplates', index, 'metadata', 'name']);
    }
  }
  for (const list of CONTAINER_LISTS) {
    for (const index of indexesAt(root, [...pod, list])) {
      const container = [...pod, list, index];
      add('container', 'definition', [...container, 'name']);
      if (list === 'ephemeralContainers') add('container', 'reference', [...container, 'targetContainerName']);
      collectMounts(root, container, add);
      collectPorts(root, container, add);
    }
  }
  if (pod.at(-1) === 'spec') add('container', 'reference', [...pod.slice(0, -1), ...DEFAULT_CONTAINER]);
}

type Add = (symbol: 'volume' | 'port' | 'container', role: 'definition' | 'reference', path: YamlPath) => void;

function collectMounts(root: YamlNode | undefined, container: YamlPath, add: Add): void {
  for (const list of ['volumeMounts', 'volumeDevices']) {
    for (const index of indexesAt(root, [...container, list])) {
      add('volume', 'reference', [...container, list, index, 'name']);
    }
  }
}

function collectPorts(root: YamlNode | undefined, container: YamlPath, add: Add): void {
  for (const index of indexesAt(root, [...container, 'ports'])) {
    add('port', 'definition', [...container, 'ports', index, 'name']);
  }
  for (const handler of HANDLERS) add('port', 'reference', [...container, ...handler]);
  for (const index of indexesAt(root, [...container, 'env'])) {
    const field = [...container, 'env', index, 'valueFrom', 'resourceFieldRef', 'containerName'];
    add('container', 'reference', field);
  }
}

/** A SparkApplication has its volumes apart from its two pods. */
export function collectSparkVolumes({ root, base }: CollectedObject, spec: YamlPath, facts: FactCollector): void {
  const owner = formatPath([...base, ...spec]);
  for (const index of indexesAt(root, [...spec, 'volumes'])) {
    const path = [...spec, 'volumes', index, 'name'];
    facts.add(nodeAt(root, path), [...base, ...path], { symbol: 'volume', role: 'definition', owner });
  }
  for (const member of ['driver', 'executor']) {
    for (const index of indexesAt(root, [...spec, member, 'volumeMounts'])) {
      const path = [...spec, member, 'volumeMounts', index, 'name'];
      facts.add(nodeAt(root, path), [...base, ...path], { symbol: 'volume', role: 'reference', owner });
    }
  }
}

function indexesAt(root: YamlNode | undefined, path: YamlPath): readonly number[] {
  const node = resolveAlias(nodeAt(root, path));
  return node?.kind === 'sequence' ? node.items.map((_item, index) => index) : [];
}
