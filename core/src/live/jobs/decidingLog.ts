import { lastFailureLog } from '#core/live/jobs/failureLog.ts';
import type { DataCluster, LiveMember, LiveMemberRole } from '#core/live/model.ts';
import type { ContainerState } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';

/** The log that tells how a job fares. */
export interface DecidingLog {
  readonly kind: 'log';
  readonly pod: string;
  readonly container: string;
  /** Of the container before its last restart: the present one has not begun. */
  readonly previous: boolean;
  /** It is still being written. */
  readonly isRunning: boolean;
}

/** Why there is no such log, as a sentence without its full stop, and what to do. */
export interface NoLog {
  readonly kind: 'none';
  readonly why: string;
  readonly advice: string;
}

/** Who decides, first come first asked: the driver of Spark, the server of Spark Connect, the master of a cluster; the chief, else the first worker. */
const deciders: readonly { readonly role: LiveMemberRole; readonly index?: number }[] = [
  { role: 'driver' },
  { role: 'server' },
  { role: 'master' },
  { role: 'chief' },
  { role: 'worker', index: 0 },
  { role: 'worker' },
];

/**
 * The log to read first. Of a training that is the replica that failed last, else the one with whose end the job ends; of Spark it is the
 * driver, whose log also tells what became of executors, also after its end.
 */
export function decidingLog(cluster: DataCluster): DecidingLog | NoLog {
  const failure = cluster.system === 'tfjob' ? lastFailureLog(failedReplicas(cluster)) : undefined;
  if (failure !== undefined) {
    const { pod, container, previous } = failure;
    return { kind: 'log', pod, container, previous, isRunning: false };
  }
  const member = decidingMember(cluster);
  if (member === undefined) return noMember(cluster);
  return logOf(member);
}

/** A replica that was restarted and works again does not decide anything. */
function failedReplicas({ members }: DataCluster): Pick<DataCluster, 'members'> {
  return {
    members: members.filter(({ pod, container }) => {
      const state = pod?.states.find(({ name }) => name === container);
      return (
        pod?.phase === 'Failed' || (state !== undefined && state.state === 'waiting' && state.lastEnd !== undefined)
      );
    }),
  };
}

/** The member with whose end the job ends; one that has a pod comes before one that has none. */
function decidingMember({ members }: Pick<DataCluster, 'members'>): LiveMember | undefined {
  const candidates = deciders.flatMap(({ role, index }) =>
    members.filter((member) => member.role === role && (index === undefined || member.index === index)),
  );
  const [first] = candidates;
  return candidates.find(({ role, pod }) => role === first?.role && pod !== undefined) ?? first;
}

function logOf({ name, pod, container }: LiveMember): DecidingLog | NoLog {
  if (pod === undefined) {
    return {
      kind: 'none',
      why: `${plainText(name, 253)} has no pod now, and a log goes with its pod`,
      advice:
        'The events of the job and the logs of other members may tell more, or a store of logs where there is one.',
    };
  }
  const state = pod.states.find((candidate) => candidate.name === container);
  if (hasNeverRun(state)) {
    return {
      kind: 'none',
      why: `${plainText(name, 253)} has not started yet, so it has written nothing`,
      advice: 'Describe it to see what it waits for.',
    };
  }
  const previous = state?.state === 'waiting' && state.lastEnd !== undefined;
  const isRunning = state === undefined ? pod.phase === 'Running' : state.state === 'running';
  return { kind: 'log', pod: pod.meta.name, container, previous, isRunning };
}

function hasNeverRun(state: ContainerState | undefined): boolean {
  return state !== undefined && state.state === 'waiting' && state.lastEnd === undefined;
}

function noMember({ name, system }: DataCluster): NoLog {
  const who = system === 'spark' ? 'driver' : 'replica';
  return {
    kind: 'none',
    why: `${plainText(name, 253)} has no ${who} now`,
    advice:
      system === 'spark'
        ? 'A schedule has runs, which are rows of their own; an application has a driver from its submission until it is cleaned up.'
        : 'Its pods come with its start, and may be deleted at its end.',
  };
}

/** The container whose failure matters most: that of the deciding member, else the one that failed last. */
export function decidingFailure(cluster: DataCluster): ReturnType<typeof lastFailureLog> {
  const decider = decidingMember(cluster);
  const own = decider === undefined ? undefined : lastFailureLog({ members: [decider] });
  return own ?? lastFailureLog(cluster);
}
