import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { membersOf, type Member } from '#core/systems/cassandra/rules/members.ts';
import { isDataPath, mayKeepData, readMounts } from '#core/systems/cassandra/rules/storage.ts';

const SHARED = ['ReadWriteMany', 'ReadOnlyMany'];

export const dataNotKept: ObjectRule = {
  id: 'CAS06',
  title: 'The data of a member is not on a disk of its own',
  severity: 'warning',
  source: 'Kubernetes volumes and persistentVolumeClaimRetentionPolicy; VOLUME of the official image',
  fixable: false,
  refusedBy: 'nobody',
  why: `What stands in an emptyDir or in the container itself is gone with the pod, at an eviction, a drain of its node or an update. The
member then comes back empty under its old name. Disks that several pods mount at once are network file systems, slow for commit logs and dangerous if two nodes ever write the
same directory. With \`whenScaled: Delete\` the disk of a member goes the moment the number of replicas goes down, and nothing has moved its data to the others unless it was
decommissioned before.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', 'cassandra.datastax.com/CassandraDatacenter', 'k8ssandra.io/K8ssandraCluster'],
  check: (object, report) => {
    for (const member of membersOf(object)) checkMember(member, report);
    for (const claim of operatorClaims(object)) checkModes(claim.field('accessModes'), report);
  },
};

function checkMember(member: Member, report: Report): void {
  checkRetention(member.object, report);
  const mounts = readMounts(member);
  if (!mounts) return;
  for (const { path, kind, volume } of mounts) {
    if (kind === 'claim' && volume && isDataPath(path)) checkModes(volume.at('spec', 'accessModes'), report);
  }
  if (mounts.some(mayKeepData)) return;
  const lost = mounts.find(({ kind, path }) => kind === 'emptyDir' && isDataPath(path));
  if (lost) {
    report({
      at: lost.mount.field('mountPath'),
      cause: 'invalid',
      message: `${quoteText(lost.path)} is on an emptyDir, so the data of a member is gone with its pod. Mount a claim of volumeClaimTemplates.`,
      ...(lost.volume ? { related: [{ at: lost.volume, message: 'The volume' }] } : {}),
    });
  } else if ((member.replicas ?? 1) > 1) {
    report({
      at: member.container.field('volumeMounts'),
      cause: 'required',
      message:
        'No disk is mounted, so the data stands in the container and is gone with it. Mount a claim of volumeClaimTemplates.',
    });
  }
}

function checkRetention({ spec }: ObjectView, report: Report): void {
  const scaled = spec.at('persistentVolumeClaimRetentionPolicy', 'whenScaled');
  if (scaled.text !== 'Delete' || !scaled.isPresent) return;
  report({
    at: scaled,
    cause: 'invalid',
    message:
      'The disk of a member is deleted as soon as there are fewer replicas, and with it all data that no decommission has moved to the others before.',
  });
}

function checkModes(modes: NodeView, report: Report): void {
  const shared = modes.items.find(({ text }) => text !== undefined && SHARED.includes(text));
  if (!shared) return;
  const isReadOnly = shared.text === 'ReadOnlyMany';
  report({
    at: shared,
    cause: 'invalid',
    message: `The access mode ${shared.text ?? ''} ${isReadOnly ? 'lets nobody write, and a node writes all the time' : 'asks for a disk that several pods share, most often a network file system'}. Every member has a disk of its own: ReadWriteOnce or ReadWriteOncePod.`,
  });
}

function operatorClaims({ groupKind, spec }: ObjectView): readonly NodeView[] {
  const claim = (owner: NodeView): NodeView => owner.at('storageConfig', 'cassandraDataVolumeClaimSpec');
  if (groupKind === 'cassandra.datastax.com/CassandraDatacenter') return [claim(spec)];
  if (groupKind !== 'k8ssandra.io/K8ssandraCluster') return [];
  const cluster = spec.field('cassandra');
  return [cluster, ...cluster.field('datacenters').items].map(claim);
}
