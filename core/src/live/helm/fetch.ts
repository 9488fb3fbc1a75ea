import { decodeRelease, type DecodedRelease, type Inflate } from '#core/live/helm/decode.ts';
import type { Cluster } from '#core/live/ports.ts';
import { textAt } from '#core/live/reading.ts';
import type { HelmRevision } from '#core/live/view.ts';

/** Reads the content of one revision, when somebody asks for it. @throws ClusterProblem, most often `forbidden` or `absent` */
export async function fetchRelease(
  cluster: Pick<Cluster, 'get'>,
  namespace: string,
  { secret, isConfigMap }: HelmRevision,
  inflate: Inflate,
): Promise<DecodedRelease> {
  const plural = isConfigMap === true ? 'configmaps' : 'secrets';
  const stored = await cluster.get({ group: '', version: 'v1', plural, namespaced: true, namespace, name: secret });
  return decodeRelease(textAt(stored, 'data', 'release'), inflate);
}
