import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import type { OperationTarget } from '#core/operations/model.ts';

/** The resource of a job, `gone`, or `unread` where it is none or may not be read. @throws ClusterProblem when nobody answers */
export async function readAnchor(
  cluster: Cluster,
  { anchor, namespace }: OperationTarget,
): Promise<JsonObject | 'gone' | 'unread'> {
  const [group = '', version] = anchor.apiVersion.split('/');
  if (version === undefined) return 'unread';
  // All kinds of jobs are named so.
  const plural = `${anchor.kind.toLowerCase()}s`;
  try {
    return await cluster.get({ group, version, plural, namespaced: true, namespace, name: anchor.name });
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'absent') return 'gone';
    if (error.kind === 'forbidden') return 'unread';
    throw error;
  }
}
