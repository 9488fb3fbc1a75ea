import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Switches that are for one occasion, whether they are on, and what happens when they stay in the manifest. */
const SWITCHES: readonly {
  readonly field: string;
  readonly isOn: (view: NodeView) => boolean;
  readonly message: string;
}[] = [
  {
    field: 'rollingRestartRequested',
    isOn: ({ boolean }) => boolean === true,
    message:
      'rollingRestartRequested is deprecated, and in a manifest it restarts the datacenter at every apply. Make a CassandraTask with the command restart.',
  },
  {
    field: 'replaceNodes',
    isOn: ({ items }) => items.length > 0,
    message:
      'replaceNodes is deprecated, and in a manifest it deletes the data of these members again at every apply. Make a CassandraTask with the command replacenode.',
  },
  {
    field: 'forceUpgradeRacks',
    isOn: ({ items }) => items.length > 0,
    message:
      'These racks are updated whether their members are healthy or not. It is for an update that is stuck; take it out when that is over.',
  },
];

export const leftOver: ObjectRule = {
  id: 'CAS19',
  title: 'A switch for one occasion stays in the manifest',
  severity: 'warning',
  source: 'CassandraDatacenter of cass-operator 1.32 (deprecated fields; forceUpgradeRacks bypasses the health checks)',
  fixable: false,
  refusedBy: 'nobody',
  why: `The operator sets these fields back when it has done what they ask for, and a manifest under version control sets them again. Tasks are
made once, say how far they are, and wait for each other.`,
  subject: 'object',
  kinds: ['cassandra.datastax.com/CassandraDatacenter'],
  check: ({ spec }, report) => {
    for (const { field, isOn, message } of SWITCHES) {
      const view = spec.field(field);
      if (view.isPresent && isOn(view)) report({ at: view, cause: 'forbidden', message });
    }
  },
};
