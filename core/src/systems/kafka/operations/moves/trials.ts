import { ClusterProblem } from '#core/live/ports.ts';
import { CONFIG_BROKER, CONFIG_TOPIC } from '#core/systems/kafka/admin.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { ALL_DIRS, changeTo, cordonPlace } from '#core/systems/kafka/operations/moves/cordonStep.ts';
import { movesData } from '#core/systems/kafka/operations/moves/moveText.ts';
import { changeSettings, type Change } from '#core/systems/kafka/operations/moves/settings.ts';
import type { Situation } from '#core/systems/kafka/operations/moves/situation.ts';
import { changeToApply, keyOf, wantedThrottles } from '#core/systems/kafka/operations/moves/throttles.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

/** Topics whose settings are tried; rights are given by patterns, so more tell nothing. */
const MOST_TOPICS = 100;

/**
 * What Kafka would refuse, found out without any effect: throttles are only validated, and a request to move no partition at all needs the
 * same right as one that moves some.
 */
export async function tryMoves(
  door: KafkaDoor,
  moves: readonly Move[],
  throttle: number,
  { settings, state }: Situation,
): Promise<readonly string[]> {
  const refusals: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      refusals.push(error.message);
    }
  };
  await attempt(() => door.ask('AlterPartitionReassignments', { topics: [] }));
  const changes = wantedThrottles(moves.filter(movesData), throttle).flatMap((wanted): readonly Change[] => {
    const change = changeToApply(wanted, settings.values);
    return change ? [{ type: wanted.type, name: wanted.name, key: wanted.key, change }] : [];
  });
  const topics = new Set(changes.filter(({ type }) => type === CONFIG_TOPIC).map(({ name }) => name));
  const tried = new Set([...topics].slice(0, MOST_TOPICS));
  // Brokers that are away are another check's finding.
  const isTried = ({ type, name }: Change): boolean =>
    type === CONFIG_BROKER ? state.brokers.includes(Number(name)) : tried.has(name);
  await attempt(() => changeSettings(door, changes.filter(isTried), { validateOnly: true }));
  return refusals;
}

/** Whether all these brokers would take a cordon: from Kafka 4.3 on, once its metadata.version is that of 4.3. */
export async function canCordon(
  door: KafkaDoor,
  brokers: readonly number[],
  { settings }: Situation,
): Promise<boolean> {
  if (brokers.length === 0 || !brokers.every((id) => settings.known.has(keyOf(cordonPlace(id))))) return false;
  try {
    const changes = brokers.map((id) => changeTo(cordonPlace(id), ALL_DIRS));
    await changeSettings(door, changes, { validateOnly: true });
    return true;
  } catch (error) {
    if (error instanceof ClusterProblem) return false;
    throw error;
  }
}
