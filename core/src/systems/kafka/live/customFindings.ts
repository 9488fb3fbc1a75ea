import type { LiveCustom } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/kafka/live/findings.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { at, listOf, oneLine, textAt } from '#core/systems/kafka/live/json.ts';
import { count, someOf } from '#core/systems/kafka/live/words.ts';

/** Topics and users that the operator does not accept, and rebalances that are under way or failed. */
export function topicFindings(customs: readonly LiveCustom[]): readonly Finding[] {
  return [...refused(customs, 'KafkaTopic', 'topic'), ...refused(customs, 'KafkaUser', 'user'), ...rebalances(customs)];
}

function refused(customs: readonly LiveCustom[], kind: string, word: string): readonly Finding[] {
  const failed = customs.flatMap((custom) => {
    const why = custom.customKind === kind ? refusalOf(custom) : undefined;
    return why === undefined ? [] : [{ name: custom.meta.name, why }];
  });
  return [...groupBy(failed, ({ why }) => why)].map(([why, same]) => {
    const names = someOf(same.map(({ name }) => name));
    const words = `${count(same.length, word)} not accepted`;
    return { level: 'warning', text: `${words} (${names}): ${why}`, short: `${words} (${names})`, source: 'operator' };
  });
}

function refusalOf({ status }: LiveCustom): string | undefined {
  const state = textAt(status, 'state');
  if (state === 'FAILED' || state === 'ERROR') return oneLine(textAt(status, 'message') || state);
  const condition = listOf(at(status, 'conditions')).find(
    (one) => textAt(one, 'type') === 'NotReady' && textAt(one, 'status') === 'True',
  );
  if (condition === undefined) return undefined;
  return [textAt(condition, 'reason'), textAt(condition, 'message')].filter((text) => text !== '').join(': ');
}

/** Strimzi writes the state of a rebalance as the type of its one condition. */
function rebalances(customs: readonly LiveCustom[]): readonly Finding[] {
  return customs.flatMap((custom): Finding[] => {
    if (custom.customKind !== 'KafkaRebalance') return [];
    const { name } = custom.meta;
    const condition = listOf(at(custom.status, 'conditions')).find((one) => REBALANCE_STATES.has(textAt(one, 'type')));
    const state = textAt(condition, 'type');
    if (state === 'Rebalancing') {
      return [
        {
          level: 'working',
          text: `KafkaRebalance ${name} moves replicas`,
          short: `rebalance ${name} under way`,
          source: 'operator',
        },
      ];
    }
    if (state !== 'NotReady') return [];
    const why = textAt(condition, 'message') || textAt(condition, 'reason') || 'no reason given';
    return [
      {
        level: 'warning',
        text: `KafkaRebalance ${name} failed: ${why}`,
        short: `rebalance ${name} failed`,
        source: 'operator',
      },
    ];
  });
}

const REBALANCE_STATES = new Set(['Rebalancing', 'NotReady']);
