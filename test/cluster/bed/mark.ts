import { asArray, asObject, asText, at, parseJson } from './json.ts';
import { applyObjects, tryKubectl, type Access } from './kubectl.ts';

/** The sign by which live suites know a cluster that they may break. */
const mark = {
  namespace: 'kube-system',
  name: 'data-clusters-test-cluster',
  label: 'data-clusters.test-cluster',
} as const;

export type DriverName = 'native' | 'kind';

/** What a marked cluster says of itself. */
export interface MarkedCluster {
  readonly driver: DriverName;
  readonly hasNodes: boolean;
}

/** Marks a cluster as one that tests may do anything to. */
export async function markTestCluster(access: Access, { driver, hasNodes }: MarkedCluster): Promise<void> {
  const metadata = { name: mark.name, namespace: mark.namespace, labels: { [mark.label]: 'true' } };
  const data = { driver, nodes: String(hasNodes) };
  await applyObjects(access, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }]);
}

/** Reads the mark; throws when there is none, because everything after this may destroy data. */
export async function requireTestCluster(access: Access): Promise<MarkedCluster> {
  const query = ['-n', mark.namespace, 'get', 'configmaps', '-l', `${mark.label}=true`, '-o', 'json'];
  const { code, stdout, stderr } = await tryKubectl(access, [...query, '--request-timeout=20s']);
  if (code !== 0) throw new Error(`The cluster of ${access.kubeconfig} does not answer:\n${stderr.trim()}`);
  const [found] = asArray(at(parseJson(stdout), 'items'));
  if (found === undefined) throw new Error(refusal(access));
  const data = asObject(at(found, 'data'));
  return { driver: asText(data['driver']) === 'kind' ? 'kind' : 'native', hasNodes: data['nodes'] === 'true' };
}

const refusal = (access: Access): string =>
  `The cluster of ${access.kubeconfig} is not marked as a test cluster, so nothing was done to it.\n` +
  'These suites delete pods, drain nodes and break things on purpose. Bring up a cluster for them with\n' +
  '  npm run cluster up\n' +
  'or, if this one may be broken, mark it:\n' +
  `  kubectl -n ${mark.namespace} create configmap ${mark.name} --from-literal=nodes=true\n` +
  `  kubectl -n ${mark.namespace} label configmap ${mark.name} ${mark.label}=true`;
