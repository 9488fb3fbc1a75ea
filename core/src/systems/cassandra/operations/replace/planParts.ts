import type { Plan, StepValue } from '#core/operations/model.ts';
import { alsoDown, lossesByItself } from '#core/systems/cassandra/operations/replace/deadNode.ts';
import {
  claimNames,
  containerOf,
  type DeadExamination,
} from '#core/systems/cassandra/operations/replace/examineDead.ts';
import { nodeParameters } from '#core/systems/cassandra/operations/restartOf.ts';

/** A join of an empty node takes a minute or two, of which ring_delay is half; data comes on top. */
export const REPLACE_MS = 600_000;

/** The pod has another Host ID afterwards, so none is expected of it. */
export function planParameters({ wish, data, meant, reading }: DeadExamination): Plan['parameters'] {
  const known = nodeParameters(data, reading.ring);
  const hostIds = data.members.map(({ name }, place) =>
    name === meant.pod ? '' : String((Array.isArray(known['hostIds']) ? known['hostIds'][place] : undefined) ?? ''),
  );
  return {
    ...known,
    hostIds,
    containers: data.members.map(({ container }) => (container === '' ? containerOf(data, meant) : container)),
    how: wish.how,
    level: alsoDown(reading.ring, meant.node.hostId).length > 0 ? 'min-ISR safe' : 'fully replicated',
    consented: consentedIn({ meant, reading }),
  };
}

const consentedIn = ({ meant, reading }: Pick<DeadExamination, 'meant' | 'reading'>): readonly string[] =>
  lossesByItself(meant.node.hostId, reading).map(({ keyspace }) => keyspace);

/** What every step about the node says. */
export function deadParameters(found: DeadExamination): Readonly<Record<string, StepValue>> {
  const { data, meant } = found;
  return {
    pod: meant.pod,
    dead: meant.node.hostId,
    address: meant.node.addresses[0] ?? '',
    typed: meant.pod === '' ? meant.node.hostId : meant.pod,
    workload: meant.workload?.meta.name ?? '',
    uid: meant.workload?.meta.uid ?? '',
    container: containerOf(data, meant),
    claims: claimNames(meant),
    others: data.members.flatMap(({ name }) => (name === meant.pod ? [] : [name])),
    consented: consentedIn(found),
  };
}
