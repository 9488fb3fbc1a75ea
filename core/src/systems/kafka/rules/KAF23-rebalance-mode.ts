import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** What each mode of a rebalance cannot do without. */
const NEEDED: Readonly<Record<string, string>> = {
  'add-brokers': 'brokers',
  'remove-brokers': 'brokers',
  'remove-disks': 'moveReplicasOffVolumes',
};

export const rebalanceMode: ObjectRule = {
  id: 'KAF23',
  title: 'A rebalance does not say what its mode needs',
  severity: 'error',
  source: 'Strimzi 1.2 KafkaRebalanceAssemblyOperator (rebalance options by mode)',
  fixable: false,
  refusedBy: 'nobody',
  why: `Adding and removing brokers needs the numbers of the brokers, removing disks needs the volumes. Without them Strimzi sets the condition
of the rebalance to NotReady and moves nothing.`,
  subject: 'object',
  kinds: ['kafka.strimzi.io/KafkaRebalance'],
  check: ({ spec }, report) => {
    const mode = spec.field('mode');
    const name = mode.text;
    const needed = name === undefined ? undefined : NEEDED[name];
    if (needed === undefined || name === undefined || !isEmpty(spec.field(needed))) return;
    const message = `The mode ${name} needs ${needed}, which says what to move. Strimzi sets the condition to NotReady and moves nothing.`;
    report({ at: mode, cause: 'required', message });
  },
};

function isEmpty(list: NodeView): boolean {
  return list.isAbsent || (list.content?.kind === 'sequence' && !list.isOpen && list.items.length === 0);
}
