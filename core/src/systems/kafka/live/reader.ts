import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { at, recordOf } from '#core/systems/kafka/live/json.ts';

/** Reads the objects of one namespace that settings and credentials are in, each once. Nothing of them is kept longer than an inspection. */
export interface ObjectReader {
  pod(name: string): Promise<JsonObject>;
  /** The texts of a Secret, decoded. @throws ClusterProblem that says which Secret and why it was asked for */
  secret(name: string): Promise<ReadonlyMap<string, string>>;
  configMap(name: string): Promise<ReadonlyMap<string, string>>;
}

export function readObjects(cluster: Cluster, namespace: string): ObjectReader {
  const known = new Map<string, Promise<JsonObject>>();
  const get = (plural: string, name: string): Promise<JsonObject> => {
    const key = `${plural}/${name}`;
    const before = known.get(key);
    if (before) return before;
    const asked = cluster.get({ group: '', version: 'v1', plural, namespaced: true, namespace, name });
    known.set(key, asked);
    return asked;
  };
  return {
    pod: (name) => get('pods', name),
    async secret(name) {
      try {
        return textsOf(at(await get('secrets', name), 'data'), decodeBase64);
      } catch (error) {
        throw explained(error, `The Secret ${name}, which has what is needed to log in to Kafka, cannot be read`);
      }
    },
    configMap: async (name) => textsOf(at(await get('configmaps', name), 'data'), (text) => text),
  };
}

function explained(error: unknown, what: string): ClusterProblem {
  if (!(error instanceof ClusterProblem)) return new ClusterProblem('server', what, { cause: error });
  const why = { forbidden: 'you may not get it', absent: 'there is none' } as const;
  const reason = error.kind === 'forbidden' || error.kind === 'absent' ? why[error.kind] : error.message;
  return new ClusterProblem(error.kind, `${what}: ${reason}`, { cause: error });
}

function textsOf(data: unknown, decode: (text: string) => string): ReadonlyMap<string, string> {
  const entries = Object.entries(recordOf(data));
  return new Map(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, decode(value)] as const] : [])));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of UTF-8, as Secrets are written; core has neither Buffer nor TextDecoder. */
export function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const sign of text) {
    const value = ALPHABET.indexOf(sign);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return decodeUtf8(bytes);
}

function decodeUtf8(bytes: readonly number[]): string {
  const escaped = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Binary, such as a keystore: nobody reads it as text.
    return '';
  }
}
