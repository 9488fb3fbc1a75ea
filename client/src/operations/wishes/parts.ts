import type { Asker, Choice } from '#client/operations/asker.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';

/** What a wish is asked for. */
export interface WishSubject {
  readonly data: DataCluster;
  /** Name of the pod, when it is about one member. */
  readonly member: string | undefined;
}

export function memberChoices(members: readonly LiveMember[], picked: boolean): readonly Choice<string>[] {
  return members.map(({ name, role, index, rack, group, pod }) => ({
    label: name,
    description: [
      index === undefined ? role : `${role} ${index}`,
      group,
      rack === '' || rack === group ? '' : `rack ${rack}`,
      pod?.node ?? 'not there',
    ]
      .filter((text) => text !== '')
      .join(' · '),
    value: name,
    ...(picked ? { isPicked: true } : {}),
  }));
}

/** At least one member, or no answer. */
export async function askMembers(
  title: string,
  { data, member }: WishSubject,
  asker: Asker,
): Promise<readonly string[] | undefined> {
  if (member !== undefined) return [member];
  const members = await asker.pickMany(title, memberChoices(data.members, false));
  return members?.length === 0 ? undefined : members;
}

export interface Throttle {
  readonly throttle?: number;
}

const MEBIBYTE = 1024 * 1024;

/** Empty leaves the choice to the procedure. Undefined is no answer. */
export async function askThrottle(title: string, asker: Asker): Promise<Throttle | undefined> {
  const text = await asker.input({
    title,
    prompt: 'MiB a second that a broker may send or receive for this. Leave it empty to let the plan choose.',
    placeholder: 'chosen by the plan',
    validate: (typed) =>
      readThrottle(typed) === 'wrong' ? 'Write a number above 0, such as 20, or nothing.' : undefined,
  });
  if (text === undefined) return undefined;
  const throttle = readThrottle(text);
  return typeof throttle === 'number' ? { throttle } : {};
}

function readThrottle(text: string): number | 'none' | 'wrong' {
  const typed = text.trim();
  if (typed === '') return 'none';
  const amount = Number(typed);
  return Number.isFinite(amount) && amount > 0 ? Math.round(amount * MEBIBYTE) : 'wrong';
}
