import { formatApiVersion } from '#core/kubernetes/identity.ts';
import type { LiveCustom, LiveWorkload, ObjectMeta } from '#core/live/objects.ts';
import type { ResourceKind } from '#core/live/ports.ts';
import type { ObjectTarget } from '#core/live/target.ts';
import type { DefinitionView } from '#core/live/view.ts';

/** Built-in kinds that rows stand for. */
const builtIn = {
  Pod: { group: '', version: 'v1', plural: 'pods', namespaced: true },
  Service: { group: '', version: 'v1', plural: 'services', namespaced: true },
  ConfigMap: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
  Secret: { group: '', version: 'v1', plural: 'secrets', namespaced: true },
  PersistentVolumeClaim: { group: '', version: 'v1', plural: 'persistentvolumeclaims', namespaced: true },
  PodDisruptionBudget: { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', namespaced: true },
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true },
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true },
  DaemonSet: { group: 'apps', version: 'v1', plural: 'daemonsets', namespaced: true },
  CustomResourceDefinition: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    namespaced: false,
  },
} as const satisfies Readonly<Record<string, ResourceKind>>;

export type BuiltInKind = keyof typeof builtIn;

/** @param meta an object that was seen, or the name and namespace of one that was only heard of */
export function builtInTarget(
  context: string,
  kind: BuiltInKind,
  meta: Pick<ObjectMeta, 'namespace' | 'name'> & Partial<Pick<ObjectMeta, 'uid'>>,
): ObjectTarget {
  const { namespace, name, uid } = meta;
  return {
    kind: 'object',
    context,
    apiKind: kind,
    address: { ...builtIn[kind], namespace, name },
    ...(uid === undefined ? {} : { uid }),
  };
}

export function workloadTarget(context: string, { kind, meta }: LiveWorkload): ObjectTarget {
  return builtInTarget(context, kind, meta);
}

export function customTarget(
  context: string,
  custom: LiveCustom,
  definitions: readonly DefinitionView[],
): ObjectTarget {
  const { group, version, customKind, meta } = custom;
  const plural = pluralOf(group, customKind, definitions);
  const address = { group, version, plural, namespaced: true, namespace: meta.namespace, name: meta.name };
  return { kind: 'object', context, apiKind: customKind, address, uid: meta.uid };
}

/** As the definition says; where definitions may not be read, by the rule of English that every kind we know follows. */
export function pluralOf(group: string, kind: string, definitions: readonly DefinitionView[]): string {
  const definition = definitions.find((one) => one.group === group && one.kind === kind);
  if (definition) return definition.plural;
  const word = kind.toLowerCase();
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** `v1 Service`, for tooltips. */
export function describeKind({ address, apiKind }: ObjectTarget): string {
  return `${formatApiVersion(address)} ${apiKind}`;
}
