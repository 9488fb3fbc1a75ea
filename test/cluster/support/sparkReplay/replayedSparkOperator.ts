// Replays what the managers of the two Spark operators do. It is neither of them, and contains nothing of them: it reads the objects of one
// namespace of a real API server and plays the states that were recorded from the operators (the Kubeflow Spark operator 2.5, the Apache Spark
// operator 1.0), in their order and with their labels, owners and names, by writing real statuses and making and deleting real pods. Real are
// the server, the objects, the pods and their processes, the garbage collection, evictions and everything that the product does; played are
// the decisions of the operators and of Spark. What an operator of another version decides otherwise is not to be seen here.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '#core/json.ts';
import type { Cluster, ResourceKind } from '#core/live/ports.ts';
import { playApacheApplication } from './replayedApache.ts';
import { kinds, ReplayApi } from './replayApi.ts';
import { playCluster } from './replayedCluster.ts';
import { playConnect } from './replayedConnect.ts';
import { playApplication } from './replayedKubeflow.ts';
import { playSubmitted } from './replayedSubmit.ts';
import { playSchedule } from './replayedSchedule.ts';
import { Round, type Memories } from './round.ts';

const ROUND_MS = 150;

type Play = (round: Round, object: JsonObject) => Promise<void>;

const plays: readonly (readonly [ResourceKind, Play])[] = [
  [kinds.application, playApplication],
  [kinds.schedule, playSchedule],
  [kinds.connect, playConnect],
  [kinds.apacheApplication, playApacheApplication],
  [kinds.apacheCluster, playCluster],
];

export interface Replay {
  /** Rejects when it breaks off, and never when it is stopped. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Plays both operators in one namespace until it is stopped. */
export function replaySparkOperators(cluster: Cluster, namespace: string): Replay {
  const api = new ReplayApi(cluster, namespace);
  const memories: Memories = new Map();
  const stopping = new AbortController();
  const work = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await playRound(api, memories);
      await sleep(ROUND_MS);
    }
  })();
  return {
    ended: work,
    stop: () => {
      stopping.abort();
      return work.catch(() => undefined);
    },
  };
}

async function playRound(api: ReplayApi, memories: Memories): Promise<void> {
  // Pods are read after the objects, so that what one of these rounds made is seen in the next.
  const found = await Promise.all(plays.map(([kind]) => api.list(kind)));
  const round = new Round(api, await api.list(kinds.pod), memories);
  await Promise.all([
    ...plays.flatMap(([, play], index) => (found[index] ?? []).map((object) => play(round, object))),
    ...round.pods.map((pod) => playSubmitted(round, pod)),
  ]);
}
