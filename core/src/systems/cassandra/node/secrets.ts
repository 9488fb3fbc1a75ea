import { textMapOf, valueAt } from '#core/json.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { messageText } from '#core/live/plainText.ts';
import { decodeBase64, decodeUtf8 } from '#core/text/encoding.ts';

const WHY = { forbidden: 'you may not get it', absent: 'there is none' } as const;

/**
 * The texts of a Secret. Read when a node is asked, kept no longer than by who asks, and in no message.
 * @throws ClusterProblem that says which Secret, and `what` it was needed for
 */
export async function readSecret(
  cluster: Cluster,
  namespace: string,
  name: string,
  what: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const kind = { group: '', version: 'v1', plural: 'secrets', namespaced: true };
    const data = textMapOf(valueAt(await cluster.get({ ...kind, namespace, name }), 'data'));
    return new Map(
      Object.entries(data).flatMap(([key, text]) => {
        const bytes = decodeBase64(text);
        return bytes === undefined ? [] : [[key, decodeUtf8(bytes)] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    const why = error.kind === 'forbidden' || error.kind === 'absent' ? WHY[error.kind] : messageText(error.message);
    const kind = error.kind === 'forbidden' || error.kind === 'absent' ? 'configuration' : error.kind;
    throw new ClusterProblem(kind, `${what}, and the Secret ${name} cannot be read: ${why}.`, { cause: error });
  }
}
