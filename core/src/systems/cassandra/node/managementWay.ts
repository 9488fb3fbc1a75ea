import type { JsonObject } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { PodHttp, PodHttpAccess } from '#core/live/podHttp.ts';
import type { Cluster } from '#core/live/ports.ts';
import { managementAccess, type ManagementEntrance } from '#core/systems/cassandra/management/access.ts';
import {
  askByManagement,
  drainByManagement,
  isManagementOrder,
  rangesByManagement,
} from '#core/systems/cassandra/management/askNode.ts';
import type { NodePlace } from '#core/systems/cassandra/node/nodetoolWay.ts';
import { readOwners } from '#core/systems/cassandra/node/owners.ts';
import type { AskedNode, NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchAnswer, BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import type { CommandResult } from '#core/systems/cassandra/nodetool/failure.ts';

/** Asks nodes by the management API of their pods; a tunnel lives as long as one question. */
export class ManagementWay {
  readonly #cluster: Cluster;
  /** Processes that this API has drained: since when their container runs, by uid of the pod. */
  readonly #drained = new Map<string, number | undefined>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** @throws ClusterProblem */
  async open<Answer>(
    { pod }: NodePlace,
    entrance: ManagementEntrance,
    work: (http: PodHttp) => Promise<Answer>,
  ): Promise<Answer> {
    const http = await this.#cluster.http(await this.#access(pod, entrance));
    try {
      return await work(http);
    } finally {
      http.stop();
    }
  }

  async #access(pod: LivePod, entrance: ManagementEntrance): Promise<PodHttpAccess> {
    const datacenter: JsonObject | undefined =
      entrance.serverSecret === undefined ? undefined : (await readOwners(this.#cluster, pod)).resource;
    return managementAccess(this.#cluster, pod, entrance, datacenter);
  }

  /** @throws ClusterProblem */
  async ask(http: PodHttp, place: NodePlace, node: AskedNode, commands: readonly BatchCommand[]): Promise<NodeAnswer> {
    const answer = await askByManagement(http, node, commands);
    if (!this.#isDrained(place) || !commands.some(({ args }) => args[0] === 'netstats')) return answer;
    // It has said that it is drained, and closes itself to the API with that; until it is started anew it cannot be otherwise.
    return { ...answer, netstats: { mode: 'DRAINED', streams: answer.netstats?.streams ?? [] } };
  }

  /** What can be carried out by this way. @throws ClusterProblem */
  async run(http: PodHttp, place: NodePlace, commands: readonly BatchCommand[]): Promise<BatchAnswer> {
    const results = new Map<string, CommandResult>();
    for (const command of commands.filter(isManagementOrder)) {
      const result = await drainByManagement(http);
      results.set(command.name, result);
      if (result.exitCode === 0) this.#drained.set(place.pod.meta.uid, runningSince(place));
    }
    return { isWithoutNodetool: false, isLoginHomeless: false, results };
  }

  /** @throws ClusterProblem */
  async ranges(http: PodHttp, keyspaces: readonly string[]): Promise<ReadonlyMap<string, readonly ReplicaRange[]>> {
    const found = new Map<string, readonly ReplicaRange[]>();
    for (const keyspace of keyspaces) {
      const ranges = await rangesByManagement(http, keyspace);
      if (ranges) found.set(keyspace, ranges);
    }
    return found;
  }

  #isDrained(place: NodePlace): boolean {
    const { uid } = place.pod.meta;
    return this.#drained.has(uid) && this.#drained.get(uid) === runningSince(place);
  }
}

const runningSince = ({ pod, container }: NodePlace): number | undefined =>
  pod.states.find(({ name, isInit }) => !isInit && name === container)?.runningSince;
