import { withRights } from '#client/actions/allowed.ts';
import { requireObject, requireTarget } from '#client/actions/choose.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { describeLiveObject, eventsText, isEventAbout } from '#core/live/describe/describeObject.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import type { LiveTarget, ObjectTarget } from '#core/live/target.ts';

/** A plain text about one object: what it is, what it reports, what happened. */
export function describeCommand(deps: ActionDeps, texts: VirtualTexts): Command {
  return {
    id: commandIds.describe,
    title: 'Describe',
    run: async (argument) => {
      const target = requireObject(deps, requireTarget(argument));
      const { context, address } = target;
      await withRights(deps, { action: 'view', context, address }, async (cluster) => {
        const [object, events] = await Promise.all([cluster.get(address), listEvents(cluster, target)]);
        const about = events?.filter((event) => isEventAbout(event, object));
        const text = describeLiveObject({ context, object, events: about, now: deps.clock.now() });
        await texts.show(`${target.apiKind} ${address.name}.txt`, text);
      });
    },
  };
}

/** What happened to an object, or in a namespace, as far as the server keeps it: an hour as a rule. */
export function showEventsCommand(deps: ActionDeps, texts: VirtualTexts): Command {
  return {
    id: commandIds.showEvents,
    title: 'Show Events',
    run: async (argument) => {
      const row = requireTarget(argument);
      const target = requireObject(deps, row);
      const { context } = target;
      const place = eventPlace(row, target);
      await withRights(deps, { action: 'events', context, address: place }, async (cluster) => {
        const [object, events] = await Promise.all([
          cluster.get(target.address),
          cluster.list(queryOf(place.namespace)),
        ]);
        const about = row.kind === 'namespace' ? events : events.filter((event) => isEventAbout(event, object));
        const text = eventsText(
          `Events of ${target.apiKind} ${target.address.name}, ${context}`,
          about,
          deps.clock.now(),
        );
        await texts.show(`Events of ${target.address.name}.txt`, text);
      });
    },
  };
}

/** Events of objects without a namespace are kept in the namespace `default`. */
function eventPlace(row: LiveTarget, { address }: ObjectTarget): ObjectTarget['address'] {
  if (row.kind === 'namespace') return { ...address, namespace: row.namespace };
  return address.namespace === '' ? { ...address, namespace: 'default' } : address;
}

/** Undefined when they may not be read: a description is worth something without them. */
async function listEvents(cluster: Cluster, { address }: ObjectTarget): Promise<readonly JsonObject[] | undefined> {
  try {
    return await cluster.list(queryOf(address.namespace === '' ? 'default' : address.namespace, address.name));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

function queryOf(namespace: string, name?: string) {
  const events = { group: '', version: 'v1', plural: 'events', namespaced: true, namespace };
  return name === undefined ? events : { ...events, fieldSelector: `involvedObject.name=${name}` };
}
