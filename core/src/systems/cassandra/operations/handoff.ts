import type { LivePod } from '#core/live/objects.ts';
import { AT_ONCE, inParallel } from '#core/systems/cassandra/live/asking.ts';
import type { RingDoor } from '#core/systems/cassandra/operations/door.ts';

/** Whether a node keeps writes for others that are away, and for how long. */
export interface Handoff {
  readonly member: string;
  /** Undefined when it does not say. */
  readonly isOn: boolean | undefined;
  readonly windowMs: number | undefined;
}

/** `max_hint_window` of Cassandra's own configuration. */
export const USUAL_WINDOW_MS = 3 * 3_600_000;

/** @throws ClusterProblem when nobody can be asked */
export async function askHandoffs(door: RingDoor, pods: readonly LivePod[]): Promise<readonly Handoff[]> {
  const found: Handoff[] = [];
  await inParallel(pods, AT_ONCE, async (pod) => {
    const batch = await door.run(pod, [
      { name: 'handoff', args: ['statushandoff'] },
      { name: 'window', args: ['getmaxhintwindow'] },
    ]);
    const text = (name: string): string => batch?.results.get(name)?.stdout ?? '';
    found.push({ member: pod.meta.name, isOn: isOnBy(text('handoff')), windowMs: windowBy(text('window')) });
  });
  return found.toSorted((a, b) => a.member.localeCompare(b.member, 'en'));
}

/** `Hinted handoff is running`. */
function isOnBy(text: string): boolean | undefined {
  const [, not] = /^Hinted handoff is (not )?running/m.exec(text) ?? [undefined, 'unknown'];
  return not === 'unknown' ? undefined : not === undefined;
}

/** `Current max hint window: 10800000 ms`. */
function windowBy(text: string): number | undefined {
  const [, digits] = /max hint window: (\d{1,15}) ms/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
