import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames } from '#core/lint/structure/describe.ts';
import { imageVersion, isConfiguredByImage, membersOf } from '#core/systems/cassandra/rules/members.ts';
import { findVariable, lacksVariable, variableText } from '#core/systems/cassandra/rules/variables.ts';

const SNITCH = 'CASSANDRA_ENDPOINT_SNITCH';
/** First major version that has other settings for this. */
const WITHOUT_SNITCH = 6;

export const ignoredRack: ObjectRule = {
  id: 'CAS16',
  title: 'The snitch ignores the datacenter and the rack',
  severity: 'warning',
  source: 'start script of the official image (docker-library/cassandra), SimpleSnitch of Apache Cassandra up to 5.0',
  fixable: false,
  refusedBy: 'nobody',
  why: `The official image writes CASSANDRA_DC and CASSANDRA_RACK to a file that only GossipingPropertyFileSnitch reads. The snitch it starts with puts
every node into rack1 of datacenter1: keyspaces that name another datacenter find no replica, and replicas are not spread over racks. Set the snitch before the ring holds data,
because a node refuses to start in another datacenter than the one it joined in.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const member of membersOf(object)) {
      const { container, image } = member;
      const isSimple = lacksVariable(container, SNITCH) || variableText(container, SNITCH) === 'SimpleSnitch';
      if (!isSimple || !isConfiguredByImage(member)) continue;
      if ((imageVersion(image)?.[0] ?? 0) >= WITHOUT_SNITCH) continue;
      const ignored = ['CASSANDRA_DC', 'CASSANDRA_RACK'].flatMap((name) => findVariable(container, name) ?? []);
      const [first] = ignored;
      if (!first) continue;
      const names = listNames(
        ignored.flatMap((variable) => variable.field('name').text ?? []),
        'and',
      );
      report({
        at: first.field('name'),
        cause: 'invalid',
        message: `${names} ${ignored.length > 1 ? 'have' : 'has'} no effect: the default SimpleSnitch puts every member into rack1 of datacenter1. Set ${SNITCH} to GossipingPropertyFileSnitch.`,
      });
    }
  },
};
