import { listAt, numberAt, objectOf, textAt } from '#core/json.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';

const TIMEOUT_MS = 5000;
const MAX_BYTES = 4_000_000;
export const MASTER_PORT = 8080;

/** What a master of a standalone cluster says of it. */
export interface MasterSays {
  readonly kind: 'says';
  readonly pod: string;
  readonly aliveWorkers: number;
  /** Names of the applications that run in it. */
  readonly applications: readonly string[];
}

export interface MasterSilent {
  readonly kind: 'silent';
  /** Why nobody could be asked, without a full stop. */
  readonly why: string;
}

/**
 * Asks the masters for their state, at the port of their web interface, until the one that leads answers. Source: MasterPage and JsonProtocol
 * of Spark; a standby knows no workers and says STANDBY.
 */
export async function askMaster(
  cluster: Cluster,
  namespace: string,
  pods: readonly string[],
  port: number,
): Promise<MasterSays | MasterSilent> {
  let why = 'no master is to be seen';
  for (const pod of pods) {
    const answer = await askOne(cluster, namespace, pod, port);
    if (answer.kind === 'says') return answer;
    why = answer.why;
  }
  return { kind: 'silent', why };
}

async function askOne(
  cluster: Cluster,
  namespace: string,
  pod: string,
  port: number,
): Promise<MasterSays | MasterSilent> {
  try {
    const http = await cluster.http({ namespace, pod, port });
    try {
      const answer = await http.request({ method: 'GET', path: '/json/', timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
      if (answer.status !== 200) return { kind: 'silent', why: `${pod} answers with status ${answer.status}` };
      return read(pod, answer.text);
    } finally {
      http.stop();
    }
  } catch (error) {
    if (error instanceof ClusterProblem) return { kind: 'silent', why: messageText(error.message) };
    throw error;
  }
}

function read(pod: string, text: string): MasterSays | MasterSilent {
  const state = parse(text);
  if (textAt(state, 'status') !== 'ALIVE') return { kind: 'silent', why: `${pod} does not lead the cluster` };
  const workers = listAt(state, 'workers').filter((worker) => textAt(worker, 'state') === 'ALIVE').length;
  const applications = listAt(state, 'activeapps').map((one) =>
    plainText(textAt(one, 'name') || textAt(one, 'id'), 60),
  );
  return { kind: 'says', pod, aliveWorkers: numberAt(state, 'aliveworkers') ?? workers, applications };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
