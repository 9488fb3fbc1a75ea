import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  apiServerUrl,
  certificatesOf,
  kubeconfigOf,
  network,
  nodeName,
  type Cluster,
  type NodeNumber,
} from '../cluster.ts';
import { run } from '../commands.ts';

const days = '365';

interface Identity {
  readonly name: string;
  /** In the form of openssl; CN is the user and O a group for the API server. */
  readonly subject: string;
  readonly alternativeNames?: string;
}

const serviceNames = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

const identities = (cluster: Cluster): Identity[] => [
  { name: 'apiserver', subject: '/CN=kube-apiserver', alternativeNames: apiServerNames(cluster) },
  { name: 'kubelet-client', subject: '/O=testbed:kubelet-clients/CN=kube-apiserver-kubelet-client' },
  { name: 'admin', subject: '/O=system:masters/CN=admin' },
  { name: 'controller-manager', subject: '/CN=system:kube-controller-manager' },
  { name: 'scheduler', subject: '/CN=system:kube-scheduler' },
  { name: 'proxy', subject: '/CN=system:kube-proxy' },
  { name: 'dns', subject: '/CN=testbed:dns' },
];

/** Everything signed by one authority that only this cluster trusts. Made once; a crash half way starts again. */
export async function ensureCertificates(cluster: Cluster): Promise<void> {
  const folder = certificatesOf(cluster);
  if (existsSync(folder)) return;
  const unfinished = `${folder}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await makeAuthority(unfinished);
  await Promise.all(identities(cluster).map((identity) => makeCertificate(unfinished, identity)));
  await rename(unfinished, folder);
  for (const user of ['controller-manager', 'scheduler', 'proxy', 'dns']) {
    await writeKubeconfig(cluster, user, path.join(folder, `${user}.kubeconfig`));
  }
  await writeKubeconfig(cluster, 'admin', kubeconfigOf(cluster));
}

/** A node may join later, so its certificate is made when it starts for the first time. */
export async function ensureNodeCertificate(cluster: Cluster, node: NodeNumber): Promise<void> {
  const name = nodeName(node);
  const folder = certificatesOf(cluster);
  if (existsSync(path.join(folder, `${name}.kubeconfig`))) return;
  const alternativeNames = `DNS:${name},IP:${network.nodeAddress(node)}`;
  await makeCertificate(folder, { name, subject: `/O=system:nodes/CN=system:node:${name}`, alternativeNames });
  await writeKubeconfig(cluster, name, path.join(folder, `${name}.kubeconfig`));
}

function apiServerNames(cluster: Cluster): string {
  const addresses = new Set(['127.0.0.1', cluster.host, network.firstService]);
  const names = [...serviceNames, 'kubernetes.default.svc.cluster.local'];
  return [...names.map((name) => `DNS:${name}`), ...[...addresses].map((address) => `IP:${address}`)].join(',');
}

async function makeAuthority(folder: string): Promise<void> {
  await makeKey(folder, 'ca');
  const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature'];
  const subject = ['-subj', '/CN=data-clusters-test-cluster', '-days', days];
  await openssl(folder, ['req', '-x509', '-new', '-key', 'ca.key', ...subject, '-out', 'ca.crt', ...usage]);
  // Tokens of service accounts are signed with a key of their own.
  await openssl(folder, ['genrsa', '-out', 'accounts.key', '2048']);
  await openssl(folder, ['rsa', '-in', 'accounts.key', '-pubout', '-out', 'accounts.pub']);
}

async function makeCertificate(folder: string, identity: Identity): Promise<void> {
  const { name, subject, alternativeNames } = identity;
  await makeKey(folder, name);
  const extensions = [
    'basicConstraints=CA:FALSE',
    'keyUsage=digitalSignature,keyEncipherment',
    'extendedKeyUsage=clientAuth,serverAuth',
    ...(alternativeNames === undefined ? [] : [`subjectAltName=${alternativeNames}`]),
  ].flatMap((extension) => ['-addext', extension]);
  const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', days];
  await openssl(folder, [
    'req',
    '-x509',
    '-new',
    '-key',
    `${name}.key`,
    '-subj',
    subject,
    '-out',
    `${name}.crt`,
    ...signer,
    ...extensions,
  ]);
}

async function makeKey(folder: string, name: string): Promise<void> {
  await openssl(folder, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
  await chmod(path.join(folder, `${name}.key`), 0o600);
}

const openssl = (folder: string, args: readonly string[]): Promise<string> => run('openssl', args, { cwd: folder });

/** As JSON, which is YAML as well. */
async function writeKubeconfig(cluster: Cluster, user: string, file: string): Promise<void> {
  const read = (name: string): Promise<string> => readFile(path.join(certificatesOf(cluster), name), 'base64');
  const [authority, certificate, key] = await Promise.all(['ca.crt', `${user}.crt`, `${user}.key`].map(read));
  const server = { server: apiServerUrl(cluster), 'certificate-authority-data': authority };
  const name = `data-clusters-${cluster.name}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: server }],
    users: [{ name: user, user: { 'client-certificate-data': certificate, 'client-key-data': key } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
}
