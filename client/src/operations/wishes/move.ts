import type { Asker, Choice } from '#client/operations/asker.ts';
import type { WishSubject } from '#client/operations/wishes/parts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { LiveMember } from '#core/live/model.ts';
import { isOnNode } from '#core/live/onNode.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';

/** Roles whose members others come in place of: what else belongs to a job may end its run. */
const replaced: ReadonlySet<LiveMember['role']> = new Set<LiveMember['role']>(['executor']);

type Decided = Exclude<NodeDrainWish['unmovable'], 'leave' | undefined>;

const choices: readonly Choice<Decided>[] = [
  {
    label: 'Only plan it',
    detail: 'The plan says what would be lost, and does not run if that is a run.',
    value: 'refuse',
  },
  {
    label: 'Wait for its end',
    detail: 'Nothing is evicted; the node takes no pods until it has ended by itself.',
    value: 'wait',
  },
  {
    label: 'Evict it',
    detail: 'The run may be lost: the plan says what is lost and whether it is run again, and a name has to be typed.',
    value: 'evict',
  },
];

/** Moves one pod off the node it is on. @throws UserProblem when there is none to move */
export async function askMove({ data, member }: WishSubject, asker: Asker): Promise<NodeDrainWish | undefined> {
  const there = data.members.filter(isOnNode);
  const name = member ?? (await asker.pick(`Pod of ${data.name} to move off its node`, there.map(choiceOf)));
  if (name === undefined) return undefined;
  const found = there.find((one) => one.name === name);
  if (!found?.pod) throw new UserProblem(`${name} is on no Kubernetes node.`, 'It has ended, or waits to be placed.');
  const isJob = data.system === 'spark' || data.system === 'tfjob';
  const isAsked = isJob && !replaced.has(found.role);
  const unmovable = isAsked
    ? await asker.pick(`${name} may decide the run of ${data.name}. What is to be done?`, choices)
    : 'refuse';
  if (unmovable === undefined) return undefined;
  return { node: found.pod.node, emptyDir: 'keep', unmovable, only: [`${data.namespace}/${name}`] };
}

function choiceOf({ name, role, pod }: LiveMember): Choice<string> {
  return { label: name, description: `${role} on ${pod?.node ?? ''}`, value: name };
}
