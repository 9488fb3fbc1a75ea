import { everyNodeUpFromEveryView, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { movementObstacles } from '#core/systems/cassandra/operations/obstacles.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';

/** Long work that one node at a time does: another that is at it, by whomever, is waited for. */
const WORK = /^(?:Cleanup|Upgrade|Scrub|Validation|Anticompaction|Major Compaction|Garbage|Relocat|Verif)/i;

/** Why nothing is begun on any node now: nodes that are away, join or leave, data that moves, a repair, work of the same kind. */
export function reasonsToWait(reading: RingReading, members: readonly string[]): readonly string[] {
  const { ring } = reading;
  const addresses = new Set(ring.nodes.flatMap((node) => node.addresses));
  const schemaUnknown = ring.schemaUnknown.filter((address) => addresses.has(address));
  return [
    ...everyNodeUpFromEveryView(ring, members).against,
    ...oneSchema({ ...ring, schemaUnknown }).against,
    ...movementObstacles(reading).map(({ text }) => text),
    ...workUnderWay(reading),
  ];
}

export function workUnderWay({ answers }: Pick<RingReading, 'answers'>): readonly string[] {
  return answers.flatMap(({ member, compactions }) =>
    (compactions?.running ?? [])
      .filter(({ type }) => WORK.test(type))
      .map(({ type, keyspace, table }) => `${member} is at ${type} of ${keyspace}.${table}`),
  );
}

/** What moves while it is waited for. */
export function measureOf({ answers, ring }: Pick<RingReading, 'answers' | 'ring'>): readonly (number | string)[] {
  return [
    ...answers.flatMap(({ compactions }) => (compactions?.running ?? []).map(({ completed }) => completed)),
    ...ring.nodes.flatMap(({ streams }) =>
      streams.flatMap(({ sessions }) =>
        sessions.map(({ sending, receiving }) => (sending?.doneBytes ?? 0) + (receiving?.doneBytes ?? 0)),
      ),
    ),
  ];
}
