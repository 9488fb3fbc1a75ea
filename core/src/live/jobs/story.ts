import type { DataCluster, HealthLevel, LiveMember, StoryMoment } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState, LiveCustom, LiveEvent } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { describeEnd } from '#core/live/podTrouble.ts';

/** More moments than these nobody reads; the oldest are left out. */
const MOST_MOMENTS = 80;
/** Times beyond are none: ECMA-262, section 21.4.1.1. */
const LAST_TIME_MS = 8.64e15;
/** Of this many members each is told; of more only those that failed. */
const MOST_TOLD = 12;

/** Oldest first, what is ahead last; the same sentence at the same time once. */
export function orderStory(moments: readonly StoryMoment[]): readonly StoryMoment[] {
  const seen = new Set<string>();
  const dated = moments.filter(({ at, text }) => {
    const key = `${Math.floor((at ?? 0) / 1_000)} ${text}`;
    if (at === undefined || Math.abs(at) > LAST_TIME_MS || Number.isNaN(at) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return dated
    .toSorted((a, b) => Number(a.isAhead === true) - Number(b.isAhead === true) || (a.at ?? 0) - (b.at ?? 0))
    .slice(-MOST_MOMENTS);
}

export function moment(
  at: number | undefined,
  level: HealthLevel,
  text: string,
  source: StoryMoment['source'] = 'operator',
): StoryMoment {
  return { at, level, text, source };
}

/** Something that will be: a retry, a deadline. */
export function momentAhead(at: number | undefined, text: string): StoryMoment {
  return { at, level: 'working', text, source: 'operator', isAhead: true };
}

/** When the object itself was made. */
export function creation({ meta }: LiveCustom): StoryMoment {
  return moment(meta.createdAt, 'done', 'created', 'kubernetes');
}

/** What was reported about the object itself: it tells of runs that its status no longer has. */
export function eventMoments(events: readonly LiveEvent[], { meta }: LiveCustom): readonly StoryMoment[] {
  return events
    .filter(({ about }) => about.uid === meta.uid)
    .map(({ at, type, reason, message, count }) => {
      const times = count > 1 ? ` (${count} times)` : '';
      const text = `${plainText(reason, 80)}: ${messageText(message)}${times}`;
      return moment(at, type === 'Warning' ? 'warning' : 'done', text);
    });
}

/** Starts and ends of the members' containers, as far as Kubernetes still knows them. */
export function memberMoments(
  { members }: Pick<DataCluster, 'members'>,
  nameOf: (member: LiveMember) => string,
): readonly StoryMoment[] {
  const isMany = members.length > MOST_TOLD;
  return members.flatMap((member) => {
    const own = momentsOf(member, plainText(nameOf(member), 253));
    return isMany ? own.filter(({ level }) => level === 'unhealthy') : own;
  });
}

function momentsOf({ pod, container }: LiveMember, name: string): readonly StoryMoment[] {
  const state = pod?.states.find((candidate) => candidate.name === container);
  if (pod === undefined || state === undefined) return [];
  const runs = [state.lastEnd, state.ended].flatMap((end) => (end === undefined ? [] : runMoments(end, name)));
  return [...runs, ...runningMoments(state, name)];
}

function runMoments(end: ContainerEnd, name: string): readonly StoryMoment[] {
  const isGood = end.exitCode === 0;
  const text = isGood ? `${name} completed` : `${name} ended with ${describeEnd(end)}`;
  return [
    moment(end.startedAt, 'done', `${name} started`, 'kubernetes'),
    moment(end.finishedAt, isGood ? 'done' : 'unhealthy', text, 'kubernetes'),
  ];
}

function runningMoments({ runningSince, restarts }: ContainerState, name: string): readonly StoryMoment[] {
  if (runningSince === undefined) return [];
  const text = restarts === 0 ? `${name} started` : `${name} started again, restart ${restarts}`;
  return [moment(runningSince, 'done', text, 'kubernetes')];
}
