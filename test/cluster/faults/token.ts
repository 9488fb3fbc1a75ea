import { createPrivateKey, sign } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { apiServerUrl, certificatesOf, inCluster, type Cluster } from '../bed/cluster.ts';
import { asText, at, parseJson } from '../bed/json.ts';
import { applyObjects, kubectl, type Access } from '../bed/kubectl.ts';
import type { Fault } from './fault.ts';

const account = { namespace: 'default', name: 'data-clusters-token-user' } as const;
const issuer = 'https://kubernetes.default.svc.cluster.local';
const hour = 3600;

/** The API server takes a token for that many seconds more, in case clocks differ. */
const leeway = 60;

/** For clients whose token is to expire. */
const tokenKubeconfig = (cluster: Cluster): string => inCluster(cluster, 'faults', 'expire-token.kubeconfig');

/**
 * A user whose token ends, as those of cloud providers do in the middle of work. The API server issues none for less than
 * ten minutes, so this one is signed here with the key of the bed.
 */
export const expireToken: Fault = {
  name: 'expire-token',
  target: 'none',
  summary:
    'makes the token in the printed kubeconfig one that ends in --seconds (default: has ended); undo writes a good one',
  async apply({ cluster, access }, _, { seconds = -1 }) {
    await ensureAccount(access);
    await writeKubeconfig(cluster, await makeToken(cluster, access, seconds));
    return { kubeconfig: tokenKubeconfig(cluster) };
  },
  async undo({ cluster, access }) {
    await writeKubeconfig(cluster, await makeToken(cluster, access, 2 * hour));
  },
};

async function ensureAccount(access: Access): Promise<void> {
  const metadata = { name: account.name, namespace: account.namespace };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  await applyObjects(access, [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: account.name },
      roleRef,
      subjects,
    },
  ]);
}

async function makeToken(cluster: Cluster, access: Access, lifetime: number): Promise<string> {
  const { namespace, name } = account;
  const found = parseJson(await kubectl(access, ['-n', namespace, 'get', 'serviceaccount', name, '-o', 'json']));
  const serviceaccount = { name, uid: asText(at(found, 'metadata', 'uid')) };
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: issuer,
    aud: [issuer],
    sub: `system:serviceaccount:${namespace}:${name}`,
    iat: now - 2 * hour,
    nbf: now - 2 * hour,
    exp: now + lifetime - leeway,
    'kubernetes.io': { namespace, serviceaccount },
  };
  const key = createPrivateKey(await readFile(path.join(certificatesOf(cluster), 'accounts.key')));
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(payload)}`;
  const signature = sign('RSA-SHA256', Buffer.from(text), key);
  return `${text}.${signature.toString('base64url')}`;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function writeKubeconfig(cluster: Cluster, token: string): Promise<void> {
  const authority = await readFile(path.join(certificatesOf(cluster), 'ca.crt'));
  const name = 'expire-token';
  const configuration = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: apiServerUrl(cluster), 'certificate-authority-data': authority.toString('base64') },
      },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  const file = tokenKubeconfig(cluster);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(configuration), { mode: 0o600 });
}
