import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ClusterEntry } from '../kubeconfig/entries.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';

let trusted: readonly string[] | undefined;

/** What this machine trusts, as kubectl does: the system's authorities, and those that Node brings. */
function trustedAuthorities(): readonly string[] {
  // Node 20, on which the command line runs too, cannot tell those of the system.
  const read: typeof tls.getCACertificates | undefined = tls.getCACertificates;
  trusted ??= read === undefined ? tls.rootCertificates : [...new Set([...read('default'), ...read('system')])];
  return trusted;
}

/** PEM of the authorities that a cluster's certificate may come from. */
export async function authoritiesOf(cluster: ClusterEntry): Promise<readonly string[]> {
  const own = await ownAuthority(cluster);
  return own === undefined ? trustedAuthorities() : [own];
}

/** PEM that the kubeconfig has for the cluster; undefined when it has none. */
export async function ownAuthority({ caData, caFile }: ClusterEntry): Promise<string | undefined> {
  if (caData !== undefined) return Buffer.from(caData, 'base64').toString('utf8');
  if (caFile === undefined) return undefined;
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    const message = `The certificate authority ${caFile} cannot be read (${codeOf(error) ?? 'unknown'}).`;
    throw new ClusterProblem('configuration', `${message} Correct the path in the kubeconfig.`, { cause: error });
  }
}
