import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { membersOf } from '#core/systems/cassandra/rules/members.ts';

/** Replicas of the data that a quorum survives the loss of one of. */
const USUAL_COPIES = 3;

export const noRoomForFailure: ObjectRule = {
  id: 'CAS08',
  title: 'The ring has no room for a member to be away',
  severity: 'warning',
  source:
    'quorum at replication factor 3; cass-operator 1.32 (maxUnavailable counts in a rack, its budget over all racks; minReadySeconds), CassKop 2.3 (maxPodUnavailable)',
  fixable: false,
  refusedBy: 'nobody',
  why: `With three copies of the data requests at QUORUM survive the loss of one. Two members that are away together may hold two copies of the
same row, unless they stand in one rack and there are as many racks as copies. Two members alone are no better than one: a quorum of two copies is both of them. Racks of unequal
size make the members of the smaller one hold more than the others.`,
  subject: 'object',
  kinds: [
    'apps/StatefulSet',
    'cassandra.datastax.com/CassandraDatacenter',
    'k8ssandra.io/K8ssandraCluster',
    'db.orange.com/CassandraCluster',
  ],
  check: (object, report) => CHECKS[object.groupKind]?.(object, report),
};

const CHECKS: Readonly<Record<string, (object: ObjectView, report: Report) => void>> = {
  'apps/StatefulSet': (object, report) => {
    if (membersOf(object).length > 0) checkPair(object.spec.field('replicas'), report);
  },
  'cassandra.datastax.com/CassandraDatacenter': ({ spec }, report) => {
    if (spec.field('additionalSeeds').isAbsent) checkPair(spec.field('size'), report);
    checkRacks(spec.field('size'), spec.field('racks'), report);
    checkRackBudget(spec, report);
    checkReadySeconds(spec.field('minReadySeconds'), report);
  },
  'k8ssandra.io/K8ssandraCluster': ({ spec }, report) => {
    const cluster = spec.field('cassandra');
    for (const datacenter of cluster.field('datacenters').items) {
      const own = datacenter.field('racks');
      checkRacks(datacenter.field('size'), own.isPresent ? own : cluster.field('racks'), report);
    }
  },
  'db.orange.com/CassandraCluster': ({ spec }, report) => {
    const budget = spec.field('maxPodUnavailable');
    const { integer } = budget;
    if (integer === undefined || integer < 2) return;
    report({
      at: budget,
      cause: 'invalid',
      message: `${integer} members of any racks may be away at once. ${TOO_MANY}`,
    });
  },
};

const TOO_MANY = 'If both hold copies of the same data, requests at QUORUM fail; allow 1.';

function checkPair(size: NodeView, report: Report): void {
  if (size.integer !== 2) return;
  report({
    at: size,
    cause: 'invalid',
    severity: 'hint',
    message: 'With two members neither may be away: a quorum of two copies is both. Take three.',
  });
}

function checkRacks(size: NodeView, racks: NodeView, report: Report): void {
  const members = size.integer;
  const count = racks.items.length;
  if (members === undefined || count === 0 || racks.isOpen || members % count === 0) return;
  report({
    at: size,
    cause: 'invalid',
    severity: 'hint',
    message: `${members} members cannot be spread evenly over ${count} racks, so ${members < count ? 'some racks stay empty' : 'the members of the smaller racks hold more data than the others'}.`,
    related: [{ at: racks, message: 'The racks' }],
  });
}

/** Members of one rack hold no common data only when there are as many racks as copies. */
function checkRackBudget(spec: NodeView, report: Report): void {
  const budget = spec.field('maxUnavailable');
  const racks = spec.field('racks');
  const { integer } = budget;
  if (integer === undefined || integer < 2 || racks.isOpen) return;
  const count = Math.max(racks.items.length, 1);
  if (count >= USUAL_COPIES) return;
  report({
    at: budget,
    cause: 'invalid',
    message: `${integer} members of a rack may be away at once, and there ${count === 1 ? 'is one rack' : `are ${count} racks`} only. ${TOO_MANY}`,
  });
}

function checkReadySeconds(seconds: NodeView, report: Report): void {
  if (!seconds.isPresent || seconds.integer !== 0) return;
  report({
    at: seconds,
    cause: 'invalid',
    message:
      'With 0 seconds an update goes on before the others have seen the restarted member, so several may be away at once. Leave it out; cass-operator takes 5.',
  });
}
