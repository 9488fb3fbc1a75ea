import type { Asker, Choice } from '#client/operations/asker.ts';
import { memberChoices, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { ReplaceWish } from '#core/operations/wishes.ts';

const ways: readonly Choice<ReplaceWish['how']>[] = [
  {
    label: 'Replace it',
    detail: 'Its pod begins anew with an empty volume, takes over its tokens, and is sent its data by the others.',
    value: 'replace',
  },
  {
    label: 'Remove it',
    detail: 'It does not come back: the others take over what it owned, and are sent it (nodetool removenode).',
    value: 'remove',
  },
];

const ANOTHER = '';

/** Which node is lost, and whether it shall come back. Whether it is lost is found out by the plan. */
export async function askReplace({ data, member }: WishSubject, asker: Asker): Promise<ReplaceWish | undefined> {
  const how = await asker.pick(`The dead node ${member ?? `of ${data.name}`}: replace or remove it?`, ways);
  if (how === undefined) return undefined;
  const named = member ?? (await askWhich(data, how, asker));
  return named === undefined ? undefined : { operation: 'replace', member: named, how };
}

/** Those that are not ready come first. A node that has no pod any more is named by its Host ID. */
async function askWhich(data: WishSubject['data'], how: ReplaceWish['how'], asker: Asker): Promise<string | undefined> {
  const ready = data.members.filter(({ pod }) => pod?.isReady === true);
  const members = [...data.members.filter((one) => !ready.includes(one)), ...ready];
  const ghost: Choice<string> = {
    label: 'A node without a pod…',
    detail: 'One that nodetool status still shows as down, by its Host ID.',
    value: ANOTHER,
  };
  const choices = [...memberChoices(members, false), ...(how === 'remove' ? [ghost] : [])];
  const chosen = await asker.pick(`Which node of ${data.name} is lost?`, choices);
  if (chosen !== ANOTHER) return chosen;
  const typed = await asker.input({
    title: `Remove a dead node of ${data.name}`,
    prompt: 'Its Host ID, as nodetool status shows it.',
    validate: (text) => (HOST_ID.test(text.trim()) ? undefined : 'Write a Host ID, 36 letters, digits and dashes.'),
  });
  return typed?.trim().toLowerCase();
}

const HOST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
