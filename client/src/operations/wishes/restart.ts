import type { Asker, Choice } from '#client/operations/asker.ts';
import { askMembers, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { RestartWish } from '#core/operations/wishes.ts';

type Scope = 'all' | 'pending' | 'chosen' | 'quick' | 'strict';

const scopes: readonly Choice<Scope>[] = [
  {
    label: 'All members',
    description: 'fully replicated',
    detail: 'Every replica is back in sync, or has got the writes kept for it, before the next member goes.',
    value: 'all',
  },
  {
    label: 'Only members with an outdated pod',
    description: 'fully replicated',
    detail: 'Those whose pod was made from an older template than the workload has now.',
    value: 'pending',
  },
  { label: 'Chosen members…', description: 'fully replicated', value: 'chosen' },
  {
    label: 'All members, waiting less',
    description: 'min-ISR safe',
    detail:
      'Writes stay possible all the time, at QUORUM in Cassandra, but some data has one good copy less for longer.',
    value: 'quick',
  },
];

/** Where an operator may be left to restart whole racks. */
const strictly: Choice<Scope> = {
  label: 'All members, strictly one pod at a time',
  description: 'fully replicated',
  detail: 'The operator is not asked to restart racks: every pod goes by itself, and only when the ring is whole.',
  value: 'strict',
};

const RACKED = new Set(['cass-operator', 'casskop']);

export async function askRestart(subject: WishSubject, asker: Asker): Promise<RestartWish | undefined> {
  const wish = { operation: 'restart', level: 'fully replicated' } as const;
  if (subject.member !== undefined) return { ...wish, only: [subject.member] };
  const choices = RACKED.has(subject.data.flavour) ? [...scopes, strictly] : scopes;
  const scope = await asker.pick(`Restart members of ${subject.data.name}`, choices);
  switch (scope) {
    case undefined:
      return undefined;
    case 'all':
      return wish;
    case 'pending':
      return { ...wish, pendingOnly: true };
    case 'strict':
      return { ...wish, strict: true };
    case 'quick':
      return { ...wish, level: 'min-ISR safe' };
    case 'chosen': {
      const only = await askMembers(`Members of ${subject.data.name} to restart`, subject, asker);
      return only && { ...wish, only };
    }
  }
}
