import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { ContainerEnd } from '#core/live/objects.ts';

/** Where the log of a failure is. */
export interface FailureLog {
  readonly pod: string;
  readonly container: string;
  /** The log is that of the container before its last restart. */
  readonly previous: boolean;
  readonly end: ContainerEnd;
}

/** The container that failed last, among all members or those given; undefined when none failed whose log may still be there. */
export function lastFailureLog({ members }: Pick<DataCluster, 'members'>): FailureLog | undefined {
  const failures = members.flatMap(failuresOf);
  return failures.toSorted((a, b) => (b.end.finishedAt ?? 0) - (a.end.finishedAt ?? 0))[0];
}

function failuresOf({ pod }: LiveMember): readonly FailureLog[] {
  if (pod === undefined) return [];
  return pod.states.flatMap(({ name, ended, lastEnd }) => {
    const found: FailureLog[] = [];
    const at = { pod: pod.meta.name, container: name };
    if (ended !== undefined && ended.exitCode !== 0) found.push({ ...at, previous: false, end: ended });
    if (lastEnd !== undefined && lastEnd.exitCode !== 0) found.push({ ...at, previous: true, end: lastEnd });
    return found;
  });
}
