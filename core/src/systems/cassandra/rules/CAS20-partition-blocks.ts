import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const partitionBlocks: ObjectRule = {
  id: 'CAS20',
  title: 'A rack is never updated as a whole',
  severity: 'warning',
  source: 'CassKop 2.1 to 2.3 (waits until all members of a StatefulSet have the new revision)',
  fixable: false,
  refusedBy: 'nobody',
  why: `With \`rollingPartition\` only the members from that number on are updated. CassKop regards a rack as done when all of its members are, so it
waits for ever and touches no other rack. Use it for a trial, and set it back to 0.`,
  subject: 'object',
  kinds: ['db.orange.com/CassandraCluster'],
  check: ({ spec }, report) => {
    for (const datacenter of spec.at('topology', 'dc').items) {
      for (const rack of datacenter.field('rack').items) {
        const partition = rack.field('rollingPartition');
        const { integer } = partition;
        if (integer === undefined || integer < 1) continue;
        const below = integer === 1 ? 'Member 0' : `The members below ${integer}`;
        report({
          at: partition,
          cause: 'invalid',
          message: `${below} of this rack ${integer === 1 ? 'is' : 'are'} not updated, so CassKop never regards the rack as done and touches no other. Set it back to 0 after the trial.`,
        });
      }
    }
  },
};
