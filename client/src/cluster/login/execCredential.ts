import type { ClusterEntry, ExecEntry } from '../kubeconfig/entries.ts';
import { objectAt, textAt, isObject } from '../json.ts';

/** What a plugin has issued. */
export interface IssuedCredential {
  readonly token?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since 1970; undefined: until the server refuses it. */
  readonly expiry: number | undefined;
}

/** The versions of the plugin protocol; both have the same shape. */
const knownVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** Why a plugin cannot be run at all; undefined when it can. */
export function whyNotRunnable({ apiVersion, interactiveMode }: ExecEntry): string | undefined {
  if (!knownVersions.includes(apiVersion))
    return `is of the version "${apiVersion}", which is not known. Update the plugin and its kubeconfig`;
  if (interactiveMode === 'Always')
    return 'asks its questions in a terminal, which is not there. Log in with kubectl first, or use a plugin that opens a browser';
  return undefined;
}

/** The environment variable KUBERNETES_EXEC_INFO. */
export function execInfo(entry: ExecEntry, cluster: ClusterEntry, caPem: string | undefined): string {
  const spec = {
    interactive: false,
    ...(entry.wantsClusterInfo ? { cluster: clusterInfo(cluster, caPem) } : {}),
  };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: entry.apiVersion, spec });
}

const clusterInfo = (cluster: ClusterEntry, caPem: string | undefined): object => ({
  server: cluster.server,
  ...(cluster.serverName === undefined ? {} : { 'tls-server-name': cluster.serverName }),
  ...(cluster.isInsecure ? { 'insecure-skip-tls-verify': true } : {}),
  ...(caPem === undefined ? {} : { 'certificate-authority-data': Buffer.from(caPem).toString('base64') }),
  ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
  ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
});

/** @returns what is wrong with it, as the end of a sentence, when the output is no credential */
export function readExecCredential(output: string, entry: ExecEntry): IssuedCredential | string {
  let content: unknown;
  try {
    content = JSON.parse(output);
  } catch {
    return 'printed no JSON';
  }
  if (!isObject(content) || content['kind'] !== 'ExecCredential') return 'printed no ExecCredential';
  if (content['apiVersion'] !== entry.apiVersion)
    return `printed a credential of another version than the ${entry.apiVersion} of the kubeconfig`;
  const status = objectAt(content, 'status');
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) => textAt(status, name));
  if (token === undefined && (cert === undefined || key === undefined))
    return 'printed a credential with neither a token nor a certificate and its key';
  const expiry = Date.parse(textAt(status, 'expirationTimestamp') ?? '');
  return {
    expiry: Number.isNaN(expiry) ? undefined : expiry,
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}
