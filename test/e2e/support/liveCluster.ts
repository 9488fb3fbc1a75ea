import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asArray, asText, at, parseJson } from '../../cluster/bed/json.ts';
import { applyObjects, kubectl, tryKubectl, type Access } from '../../cluster/bed/kubectl.ts';
import { requireTestCluster } from '../../cluster/bed/mark.ts';
import { deployedWorkloads, type WorkloadName } from '../../cluster/bed/workloads/deploy.ts';
import { chooseAccess } from '../../cluster/support/chooseAccess.ts';

/** The contexts that the editor is given. */
export const ADMIN_CONTEXT = 'bed';
export const READER_CONTEXT = 'reader';

/** Where the reader may read pods and StatefulSets, and nothing else. */
const READER_NAMESPACE = 'kafka';

const account = 'data-clusters-reader';

/** A real cluster for journeys: what kubectl does to it, and a kubeconfig for the editor. */
export interface LiveCluster {
  readonly access: Access;
  readonly kubeconfig: string;
  /** What is deployed in it. */
  readonly workloads: readonly WorkloadName[];
  /** Runs kubectl as administrator, from outside the editor. */
  readonly control: (...args: string[]) => Promise<string>;
}

/** Of a cluster that tests may break: the context of its administrator and, where there is something to read, of one who may read little. */
export async function openLiveCluster(folder: string): Promise<LiveCluster> {
  const access = await chooseAccess();
  await requireTestCluster(access);
  const workloads = await deployedWorkloads(access);
  const hasReader = workloads.includes(READER_NAMESPACE);
  if (hasReader) await applyObjects(access, readerObjects);
  const kubeconfig = path.join(folder, 'live.kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(await mergedConfig(access, hasReader)));
  return { access, kubeconfig, workloads, control: (...args) => kubectl(access, args) };
}

/** Leaves the cluster as it was. */
export async function closeLiveCluster({ access, workloads }: LiveCluster): Promise<void> {
  if (!workloads.includes(READER_NAMESPACE)) return;
  const kinds = 'rolebinding,role,serviceaccount';
  await tryKubectl(access, ['-n', READER_NAMESPACE, 'delete', kinds, account, '--ignore-not-found']);
}

const metadata = { name: account, namespace: READER_NAMESPACE };

const readerObjects = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: READER_NAMESPACE }],
  },
];

async function mergedConfig(access: Access, hasReader: boolean): Promise<object> {
  const config = parseJson(await kubectl(access, ['config', 'view', '--raw', '--flatten', '--minify', '-o', 'json']));
  const [cluster] = asArray(at(config, 'clusters'));
  const [user] = asArray(at(config, 'users'));
  const name = asText(at(cluster, 'name'));
  const reader = hasReader ? await readerConfig(access, name) : { users: [], contexts: [] };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': ADMIN_CONTEXT,
    clusters: [cluster],
    users: [user, ...reader.users],
    contexts: [{ name: ADMIN_CONTEXT, context: { cluster: name, user: asText(at(user, 'name')) } }, ...reader.contexts],
  };
}

async function readerConfig(
  access: Access,
  cluster: string,
): Promise<{ readonly users: readonly object[]; readonly contexts: readonly object[] }> {
  const token = await kubectl(access, ['-n', READER_NAMESPACE, 'create', 'token', account, '--duration=2h']);
  return {
    users: [{ name: 'reader', user: { token: token.trim() } }],
    contexts: [{ name: READER_CONTEXT, context: { cluster, user: 'reader', namespace: READER_NAMESPACE } }],
  };
}
