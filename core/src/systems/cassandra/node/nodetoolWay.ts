import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type ExecRequest } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';
import { findJmxLogins, loginProblem, type FoundLogins } from '#core/systems/cassandra/node/jmxLogins.ts';
import { readOwners } from '#core/systems/cassandra/node/owners.ts';
import { readBatch } from '#core/systems/cassandra/nodetool/batch.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { loginInput, type JmxLogin, type LoginSource } from '#core/systems/cassandra/nodetool/login.ts';

/** A node as it is reached: its pod, and the container that runs Cassandra. */
export interface NodePlace {
  readonly pod: LivePod;
  readonly container: string;
}

/** A script for a shell in the container, which takes a login from there. */
export type ScriptOf = (login: LoginSource) => string;

/** A command takes half a minute at most; as many as one batch has. */
const TIMEOUT_MS = 200_000;

/**
 * Runs scripts in the containers of nodes. JMX that wants a login is first given that of the node's own password file, in the script; then what
 * is found in Secrets, by the input of the exec. What was taken once is given at once from then on. Logins are kept as long as this is, and
 * appear in no message.
 */
export class NodetoolWay {
  readonly #cluster: Cluster;
  readonly #cancellation: Cancellation;
  /** By what owns the pods: nodes of one set have one login. */
  readonly #found = new Map<string, Promise<FoundLogins>>();
  readonly #taken = new Map<string, JmxLogin>();

  constructor(cluster: Cluster, cancellation: Cancellation) {
    this.#cluster = cluster;
    this.#cancellation = cancellation;
  }

  /** What it printed. @throws ClusterProblem; of kind `configuration` when JMX takes no login that is known */
  async run(place: NodePlace, scriptOf: ScriptOf): Promise<string> {
    const owner = ownerOf(place.pod);
    const taken = this.#taken.get(owner);
    const first = await this.#exec(place, scriptOf, taken);
    if (!wantsLogin(first)) return first;
    this.#taken.delete(owner);
    const found = await this.#logins(owner, place.pod);
    for (const login of found.logins) {
      const printed = await this.#exec(place, scriptOf, login);
      if (wantsLogin(printed)) continue;
      this.#taken.set(owner, login);
      return printed;
    }
    // They may be changed until the next question.
    this.#found.delete(owner);
    throw loginProblem(place.pod, found);
  }

  async #exec(place: NodePlace, scriptOf: ScriptOf, login: JmxLogin | undefined): Promise<string> {
    const { namespace, name } = place.pod.meta;
    const command = ['sh', '-c', scriptOf(login ? 'input' : 'node')];
    const input: Partial<ExecRequest> = login ? { stdin: loginInput(login), isStdinOpenEnded: true } : {};
    const request = { namespace, pod: name, container: place.container, command, timeoutMs: TIMEOUT_MS, ...input };
    const { stdout } = await this.#cluster.exec(request, this.#cancellation);
    if (login && readBatch(stdout).isLoginHomeless) throw homeless(name);
    return stdout;
  }

  #logins(owner: string, pod: LivePod): Promise<FoundLogins> {
    const known = this.#found.get(owner);
    if (known) return known;
    const search = this.#search(pod);
    this.#found.set(owner, search);
    search.catch(() => this.#found.delete(owner));
    return search;
  }

  async #search(pod: LivePod): Promise<FoundLogins> {
    return findJmxLogins(this.#cluster, pod, await readOwners(this.#cluster, pod));
  }
}

/** Nodes of one set are reached alike. */
export const ownerOf = ({ meta }: LivePod): string =>
  meta.owners.find(({ isController }) => isController)?.uid ?? meta.uid;

/** Nothing was done: JMX refuses whoever does not log in before it hears what is wanted. */
function wantsLogin(stdout: string): boolean {
  const results = [...readBatch(stdout).results.values()];
  return results.length > 0 && results.every((result) => failureOf(result)?.kind === 'login');
}

const homeless = (pod: string): ClusterProblem =>
  new ClusterProblem(
    'configuration',
    `JMX of ${pod} wants a login, and there is no place in its container where it could be kept for nodetool: neither /dev/shm nor /tmp nor /var/tmp can be written. Mount an emptyDir at /tmp.`,
  );
