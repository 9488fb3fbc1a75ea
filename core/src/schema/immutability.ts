import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

interface ImmutableFields {
  readonly group: string;
  readonly kinds: readonly string[];
  /** Field paths as the server prints them. */
  readonly fields: RegExp;
  /** What to do instead. */
  readonly remedy: string;
}

const RECREATE = 'delete and create the object to change it';

/** Fields the server refuses to change. Source: update validation of kube-apiserver 1.34. */
const TABLE: readonly ImmutableFields[] = [
  {
    group: 'apps',
    kinds: ['StatefulSet'],
    fields: /^spec\.(?:serviceName|podManagementPolicy|selector|volumeClaimTemplates)(?:[.[]|$)/,
    remedy: 'delete the StatefulSet with --cascade=orphan and create it again; its pods go on running',
  },
  {
    group: 'apps',
    kinds: ['Deployment', 'DaemonSet', 'ReplicaSet'],
    fields: /^spec\.selector(?:[.[]|$)/,
    remedy: RECREATE,
  },
  {
    group: 'batch',
    kinds: ['Job'],
    fields: /^spec\.(?:selector|completionMode|podFailurePolicy)(?:[.[]|$)/,
    remedy: RECREATE,
  },
  {
    group: '',
    kinds: ['PersistentVolumeClaim'],
    fields: /^spec\.(?:accessModes|selector|storageClassName|volumeMode|dataSource|dataSourceRef)(?:[.[]|$)/,
    remedy: RECREATE,
  },
  { group: '', kinds: ['Secret'], fields: /^type$/, remedy: RECREATE },
  {
    group: 'storage.k8s.io',
    kinds: ['StorageClass'],
    fields: /^(?:provisioner|parameters|reclaimPolicy|volumeBindingMode)(?:[.[]|$)/,
    remedy: RECREATE,
  },
  {
    group: 'rbac.authorization.k8s.io',
    kinds: ['RoleBinding', 'ClusterRoleBinding'],
    fields: /^roleRef(?:\.|$)/,
    remedy: RECREATE,
  },
  { group: 'scheduling.k8s.io', kinds: ['PriorityClass'], fields: /^(?:value|preemptionPolicy)$/, remedy: RECREATE },
];

/** How a field that cannot be changed once the object exists is changed all the same; undefined for fields that can be changed. */
export function findImmutability(
  gvk: GroupVersionKind,
  path: YamlPath,
  schema: SchemaNode | undefined,
): string | undefined {
  const field = formatPath(path);
  if (/^metadata\.(?:name|namespace)$/.test(field)) return RECREATE;
  const row = TABLE.find(
    ({ group, kinds, fields }) => group === gvk.group && kinds.includes(gvk.kind) && fields.test(field),
  );
  if (row) return row.remedy;
  const isFixed = schema?.raw['x-kubernetes-validations']?.some(({ rule }) => /^\s*self\s*==\s*oldSelf\s*$/.test(rule));
  return isFixed ? RECREATE : undefined;
}
