import { ClusterProblem } from '#core/live/ports.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import type { SettingWish } from '#core/systems/kafka/operations/configure/effects.ts';

/** Names as Kafka and its plug-ins have them. */
const NAME = /^[A-Za-z0-9][\w.-]{0,200}$/;
const LONGEST_VALUE = 4000;

/** What is wished, checked for what no broker could be asked. @throws ClusterProblem */
export function readConfigureWish(
  { settings, member }: ConfigureWish,
  data: DataCluster,
): { readonly wishes: readonly SettingWish[]; readonly brokers: readonly number[] } {
  const brokers = brokersOf(data);
  const broker = member === undefined ? undefined : brokerNamed(member, data);
  const wishes = Object.entries(settings).map(([name, value]) => ({
    name: name.trim(),
    value: value?.trim() ?? null,
    broker,
  }));
  if (wishes.length === 0) throw new ClusterProblem('invalid', 'No setting is to be changed.');
  for (const { name, value } of wishes) {
    if (!NAME.test(name)) throw new ClusterProblem('invalid', `"${name.slice(0, 50)}" is no name of a setting.`);
    if (value !== null && (value.length > LONGEST_VALUE || /[\u0000-\u001f\u007f]/.test(value)))
      throw new ClusterProblem('invalid', `The value of ${name} is not one line of text.`);
  }
  return { wishes, brokers: broker === undefined ? brokers : [broker] };
}

function brokersOf({ members, name }: DataCluster): readonly number[] {
  const brokers = members.filter(({ role }) => role !== 'controller');
  const ids = brokers.flatMap(({ index }) => index ?? []);
  if (brokers.length > 0 && ids.length === brokers.length) return ids.toSorted((a, b) => a - b);
  throw new ClusterProblem('absent', `The numbers of the brokers of ${name} are not known. Ask the cluster again.`);
}

function brokerNamed(pod: string, { members }: DataCluster): number {
  const found: LiveMember | undefined = members.find(({ name }) => name === pod);
  if (!found) throw new ClusterProblem('absent', `There is no node ${pod}.`);
  if (found.role === 'controller' || found.index === undefined)
    throw new ClusterProblem('invalid', `${pod} is no broker whose number is known.`);
  return found.index;
}
