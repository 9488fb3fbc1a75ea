import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { membersOf } from '#core/systems/cassandra/rules/members.ts';

/** What cass-operator gives its pods. A drain under load took 8 to 9 seconds in a small ring; flushes of a full one take minutes. */
const ENOUGH_SECONDS = 120;
const DEFAULT_SECONDS = 30;

export const killedBeforeDrained: ObjectRule = {
  id: 'CAS04',
  title: 'A member may be killed before it has drained',
  severity: 'warning',
  source: 'Apache Cassandra StorageService.drain; cass-operator 1.32 (120 s), Kubernetes Cassandra example (1800 s)',
  fixable: false,
  refusedBy: 'nobody',
  why: `Before a member stops it tells the others, closes its clients and writes what is in memory to disk; both \`nodetool drain\` in a
preStop hook and the shutdown hook of Cassandra do that. Kubernetes kills the pod when the grace period ends, also in the middle of it: then the others notice only after 10 to
20 seconds in which requests time out, and the next start replays the commit log. Two minutes are a good lower limit; it costs nothing when the drain is done sooner.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const { pod, container, replicas = 1 } of membersOf(object)) {
      const grace = pod.spec.field('terminationGracePeriodSeconds');
      const seconds = grace.integer;
      if (grace.isPresent && seconds !== undefined && seconds >= 0 && seconds < ENOUGH_SECONDS) {
        report({
          at: grace,
          cause: 'invalid',
          message: `Kubernetes kills the pod ${seconds} ${seconds === 1 ? 'second' : 'seconds'} after it asked it to stop, which may be in the middle of a drain: requests time out, and the next start replays the commit log. Allow at least ${ENOUGH_SECONDS}.`,
        });
      } else if (grace.isAbsent && replicas > 1 && container.at('lifecycle', 'preStop').isAbsent) {
        report({
          at: container.field('lifecycle'),
          cause: 'required',
          message: `Nothing drains the node before it stops, and Kubernetes kills it after ${DEFAULT_SECONDS} seconds. Add a preStop hook with nodetool drain and a terminationGracePeriodSeconds of at least ${ENOUGH_SECONDS}.`,
        });
      }
    }
  },
};
