import { removeEntry } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

const PREFIX = 'cassandra.datastax.com';

/** Annotations that count by being there, and what they do. */
const SWITCHES: ReadonlyMap<string, string> = new Map([
  [`${PREFIX}/no-cleanup`, 'no cleanup follows when the datacenter grows'],
  [`${PREFIX}/track-cleanup-tasks`, 'the datacenter waits for the cleanup when it grows'],
  [`${PREFIX}/decommission-on-delete`, 'the datacenter is decommissioned when the object is deleted'],
  [`${PREFIX}/disable-pdb-creation`, 'there is no PodDisruptionBudget'],
  [
    `${PREFIX}/no-finalizer`,
    'the operator adds no finalizer, without which it does not clear up when the object is deleted',
  ],
]);

export const annotationSaysFalse: ObjectRule = {
  id: 'CAS18',
  title: 'An annotation is "false" and turns on what it names',
  severity: 'warning',
  source: 'cass-operator 1.32 (metav1.HasAnnotation: the value is not read)',
  fixable: true,
  refusedBy: 'nobody',
  why: `cass-operator only looks whether these annotations are there. With the value "false" they do the same as with "true": without a
PodDisruptionBudget Kubernetes may evict several members at once, without a cleanup old data stays on the disks. To turn one off, take it out.`,
  subject: 'object',
  kinds: ['cassandra.datastax.com/CassandraDatacenter'],
  check: ({ metadata, text }, report) => {
    for (const annotation of metadata.field('annotations').fields) {
      const name = String(annotation.step);
      const effect = SWITCHES.get(name);
      if (effect === undefined || annotation.text?.toLowerCase() !== 'false') continue;
      const { entry } = annotation;
      const fix = entry && removeEntry(text, entry, `Remove ${name}`);
      report({
        at: annotation,
        cause: 'invalid',
        message: `The value does not count here: as long as ${name} stands there, ${effect}. Take it out to turn it off.`,
        ...(fix ? { fixes: () => [{ ...fix, preferred: false }] } : {}),
      });
    }
  },
};
