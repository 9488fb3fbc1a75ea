import { textAt } from '#core/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { casskopUnrest } from '#core/systems/cassandra/operations/operated/casskopNow.ts';
import { datacenterUnrest } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';

/** Why another size is not asked of an operator now, in its own words where it has some. */
export type SizeUnrest =
  /** It is at work, and will be over by itself. */
  | { readonly kind: 'busy'; readonly text: string }
  /** It will not go on before a person has done something. */
  | { readonly kind: 'refuses'; readonly text: string; readonly fix: string };

/** By its resources: of cass-operator the datacenter, and the K8ssandraCluster above it where there is one. Undefined when it is at rest. */
export function unrestOf(resources: readonly LiveCustom[]): SizeUnrest | undefined {
  const found = resources.flatMap((resource) => {
    const read = READERS[`${resource.group}/${resource.customKind}`];
    return read?.(resource) ?? [];
  });
  // What does not pass by itself is told first.
  return found.find(({ kind }) => kind === 'refuses') ?? found[0];
}

const READERS: Readonly<Record<string, (resource: LiveCustom) => SizeUnrest | undefined>> = {
  'cassandra.datastax.com/CassandraDatacenter': ofDatacenter,
  'k8ssandra.io/K8ssandraCluster': ofUmbrella,
  'db.orange.com/CassandraCluster': ofCassKop,
};

function ofDatacenter(resource: LiveCustom): SizeUnrest | undefined {
  const unrest = datacenterUnrest(resource);
  if (!unrest) return undefined;
  if (unrest.kind !== 'off') return { kind: 'busy', text: unrest.text };
  const fix = 'See to what it says; it goes on by itself then. Its webhook may not let the size be changed meanwhile.';
  return { kind: 'refuses', text: unrest.text, fix };
}

/** Where cass-operator's webhook refuses what k8ssandra-operator hands on, only the status of the latter tells. */
function ofUmbrella({ meta, status }: LiveCustom): SizeUnrest | undefined {
  const error = textAt(status, 'error');
  if (error === '' || error === 'None') return undefined;
  const fix = 'See to it first; what is written there does not reach the datacenter.';
  return { kind: 'refuses', text: `K8ssandraCluster ${meta.name} has an error: ${words(error)}`, fix };
}

function ofCassKop(resource: LiveCustom): SizeUnrest | undefined {
  const unrest = casskopUnrest(resource);
  if (!unrest) return undefined;
  if (unrest.isStuck) return { kind: 'refuses', text: unrest.text, fix: 'Look at its log.' };
  const isPending = textAt(resource.status, 'phase') === 'Pending' && resource.spec['unlockNextOperation'] !== true;
  const unlock = '; a pod that can never be scheduled stops it until spec.unlockNextOperation is true';
  return { kind: 'busy', text: `${unrest.text}${isPending ? unlock : ''}` };
}

const words = (text: string): string => plainText(text, 240);
