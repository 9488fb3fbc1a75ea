import type { LivePod } from '#core/live/objects.ts';
import type { PodHttp } from '#core/live/podHttp.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { neverCancelled, type Cancellation } from '#core/ports.ts';
import { FOR_ALL } from '#core/systems/cassandra/live/asking.ts';
import { managementEntrance } from '#core/systems/cassandra/management/access.ts';
import { readNodeAnswer, type NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { batchScript, readBatch, type BatchAnswer, type BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { parseDescribeRing, type ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { ManagementWay } from '#core/systems/cassandra/node/managementWay.ts';
import { NodetoolWay, ownerOf, type NodePlace, type ScriptOf } from '#core/systems/cassandra/node/nodetoolWay.ts';

export type { NodePlace };

/** What became of a question to one node. */
export type Told<Answer> =
  | { readonly kind: 'told'; readonly answer: Answer }
  /** This one cannot be asked now; others may be. */
  | { readonly kind: 'silent'; readonly why: ClusterProblem };

/** The answer of a node, and what nodetool printed where it was nodetool that was asked. */
export interface ToldNode {
  readonly answer: NodeAnswer;
  readonly batch: BatchAnswer | undefined;
}

/**
 * The way into the nodes of a ring, and the one place where it is chosen:
 *
 * 1. nodetool, by an exec in the container of the node. It tells most, and needs nothing that the node has not.
 * 2. The management API of the pod, where there is one, when nodetool cannot be used: nobody may exec, there is none in the container,
 *    JMX wants a login that is not known, or JMX does not answer.
 *
 * Both tell the same shapes, so that nobody else has to know which it was. That exec is refused, and that a login is missing, is remembered: it
 * will not be otherwise for the next question. Jobs that take long, and disks, are nodetool's and the container's alone.
 */
export class NodeDoor {
  readonly #nodetool: NodetoolWay;
  readonly #management: ManagementWay;
  /** Why nodetool could not be used, by owner of the pods, where the management API then could. */
  readonly #refused = new Map<string, ClusterProblem>();

  constructor(cluster: Cluster, cancellation: Cancellation = neverCancelled) {
    this.#nodetool = new NodetoolWay(cluster, cancellation);
    this.#management = new ManagementWay(cluster);
  }

  /** @throws ClusterProblem when no node can be asked, by whatever way */
  ask(place: NodePlace, commands: readonly BatchCommand[]): Promise<Told<ToldNode>> {
    const { meta, ip } = place.pod;
    const node = { member: meta.name, podUid: meta.uid, podIp: ip };
    return this.#either<ToldNode>(place, {
      byNodetool: async () => {
        const batch = await this.#batch(place, commands);
        const answer = readNodeAnswer(node, batch);
        return { answer: { answer, batch }, isUsable: commands.length === 0 || isUsable(batch) };
      },
      byManagement: async (http) => ({
        answer: await this.#management.ask(http, place, node, commands),
        batch: undefined,
      }),
    });
  }

  /** What the commands printed. By the management API only a drain can be carried out; the others are missing. @throws ClusterProblem */
  run(place: NodePlace, commands: readonly BatchCommand[]): Promise<Told<BatchAnswer>> {
    return this.#either(place, {
      byNodetool: async () => {
        const batch = await this.#batch(place, commands);
        return { answer: batch, isUsable: isUsable(batch) };
      },
      byManagement: (http) => this.#management.run(http, place, commands),
    });
  }

  /** The replicas of every range, by keyspace; without those that the node does not tell. @throws ClusterProblem */
  ranges(place: NodePlace, keyspaces: readonly string[]): Promise<Told<ReadonlyMap<string, readonly ReplicaRange[]>>> {
    const commands = keyspaces.map((keyspace, index) => ({ name: `ring${index}`, args: ['describering', keyspace] }));
    return this.#either(place, {
      byNodetool: async () => {
        const batch = await this.#batch(place, commands);
        const found = keyspaces.flatMap((keyspace, index) => {
          const result = batch.results.get(`ring${index}`);
          const ranges = result && !failureOf(result) ? parseDescribeRing(result.stdout) : [];
          return ranges.length === 0 ? [] : [[keyspace, ranges] as const];
        });
        return { answer: new Map(found), isUsable: isUsable(batch) };
      },
      byManagement: (http) => this.#management.ranges(http, keyspaces),
    });
  }

  /** What a script of ours printed, with the login that nodetool needs in it. @throws ClusterProblem */
  async script(place: NodePlace, scriptOf: ScriptOf): Promise<Told<string>> {
    try {
      return { kind: 'told', answer: await this.#nodetool.run(place, scriptOf) };
    } catch (error) {
      return silentUnlessForAll(error);
    }
  }

  async #batch(place: NodePlace, commands: readonly BatchCommand[]): Promise<BatchAnswer> {
    return readBatch(await this.#nodetool.run(place, (login) => batchScript(commands, { login })));
  }

  async #either<Answer>(place: NodePlace, ways: Ways<Answer>): Promise<Told<Answer>> {
    const entrance = managementEntrance(place.pod, place.container);
    const owner = ownerOf(place.pod);
    const known = entrance && this.#refused.get(owner);
    const first: First<Answer> = known ? { kind: 'refused', problem: known } : await tryNodetool(ways);
    if (first.kind === 'told' && (first.isUsable || !entrance)) return first;
    if (!entrance) return silentUnlessForAll(first.kind === 'refused' && first.problem);
    try {
      const answer = await this.#management.open(place, entrance, ways.byManagement);
      if (first.kind === 'refused' && LASTING.has(first.problem.kind)) this.#refused.set(owner, first.problem);
      return { kind: 'told', answer };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      this.#refused.delete(owner);
      // A node whose process cannot be asked by the one either is as silent as it would be without the other.
      if (first.kind === 'told') return first;
      return silentUnlessForAll(bothRefused(place.pod, first.problem, error));
    }
  }
}

interface Ways<Answer> {
  readonly byNodetool: () => Promise<{ readonly answer: Answer; readonly isUsable: boolean }>;
  readonly byManagement: (http: PodHttp) => Promise<Answer>;
}

type First<Answer> =
  | { readonly kind: 'told'; readonly answer: Answer; readonly isUsable: boolean }
  | { readonly kind: 'refused'; readonly problem: ClusterProblem };

async function tryNodetool<Answer>({ byNodetool }: Ways<Answer>): Promise<First<Answer>> {
  try {
    return { kind: 'told', ...(await byNodetool()) };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || HOPELESS.has(error.kind)) throw error;
    return { kind: 'refused', problem: error };
  }
}

/** Then nothing else can be asked of this cluster either. */
const HOPELESS: ReadonlySet<ClusterProblem['kind']> = new Set(['login', 'unauthenticated', 'certificate', 'cancelled']);

/** Rights and logins: they will not be otherwise for the next question, as a rule. */
const LASTING: ReadonlySet<ClusterProblem['kind']> = new Set(['forbidden', 'configuration']);

/** Something answered: a node whose JMX port is closed, or whose container has no nodetool, did not. */
function isUsable({ results, isWithoutNodetool }: BatchAnswer): boolean {
  if (isWithoutNodetool || results.size === 0) return false;
  return [...results.values()].some((result) => {
    const kind = failureOf(result)?.kind;
    return kind !== 'unreachable' && kind !== 'login';
  });
}

/** When the port of this one pod is closed, only this node is silent; what else refuses us refuses us everywhere. */
function bothRefused(pod: LivePod, first: ClusterProblem, second: ClusterProblem): ClusterProblem {
  const isOfPod = second.kind === 'unreachable' ? first.kind !== 'unreachable' : !FOR_ALL.has(second.kind);
  const message = `${first.message} The management API of ${pod.meta.name} cannot be asked either: ${second.message}`;
  return new ClusterProblem(isOfPod ? 'server' : first.kind, message, { cause: second });
}

function silentUnlessForAll(error: unknown): { readonly kind: 'silent'; readonly why: ClusterProblem } {
  if (error instanceof ClusterProblem && !FOR_ALL.has(error.kind)) return { kind: 'silent', why: error };
  throw error;
}
