import { isPlaceholder, type CollectedObject } from '#core/workspace/collector.ts';
import { nodeAt, resolveAlias, textAt, type YamlPath } from '#core/yaml/nodes.ts';

/** Fields that rules about other objects ask for. Never any of a Secret. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  '/Service': ['spec.clusterIP', 'spec.type', 'spec.publishNotReadyAddresses'],
  'policy/PodDisruptionBudget': ['spec.maxUnavailable', 'spec.minAvailable'],
  'apps/StatefulSet': ['spec.replicas', 'spec.serviceName'],
  'apps/Deployment': ['spec.replicas'],
  'kafka.strimzi.io/KafkaNodePool': ['spec.replicas', 'spec.roles'],
};

/** The value of a field that a program fills in. */
export const UNKNOWN_VALUE = '?';

/** The kept values of an object by their path; lists of words joined by commas. */
export function keptValues({ group, kind, root }: CollectedObject): Readonly<Record<string, string>> {
  const paths = KEPT[`${group}/${kind}`] ?? [];
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = readValue(root, path.split('.'));
      return value === undefined ? [] : [[path, value] as const];
    }),
  );
}

function readValue(root: CollectedObject['root'], path: YamlPath): string | undefined {
  const node = resolveAlias(nodeAt(root, path));
  if (!node || (node.kind === 'scalar' && node.value.type === 'null')) return undefined;
  if (node.kind === 'map') return UNKNOWN_VALUE;
  const texts = node.kind === 'scalar' ? [node.text] : node.items.map(({ value }) => textAt(value, []));
  if (texts.some((text) => text === undefined || isPlaceholder(text))) return UNKNOWN_VALUE;
  return texts.join(',');
}
