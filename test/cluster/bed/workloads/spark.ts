import { applyObjects } from '../kubectl.ts';
import { ensureSparkFiles } from '../native/spark/files.ts';
import type { Place, Workload } from './workload.ts';

/** Where applications are submitted, and the account of their drivers. */
export const sparkPlace = { namespace: 'spark', account: 'driver' } as const;
const { namespace, account } = sparkPlace;

/** A namespace in which Spark applications may run; tests submit them. */
export const spark: Workload = {
  namespace,
  rollouts: [],
  drivers: ['native'],
  async apply({ access }: Place): Promise<void> {
    await ensureSparkFiles();
    await applyObjects(access, [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: account, namespace },
        rules: [
          { apiGroups: [''], resources: ['pods', 'services', 'configmaps', 'persistentvolumeclaims'], verbs: ['*'] },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: account, namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      },
    ]);
  },
};
