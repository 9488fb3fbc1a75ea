import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Where storage stands. */
const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kafka.strimzi.io/KafkaNodePool': [['spec', 'storage']],
  'kafka.strimzi.io/Kafka': [
    ['spec', 'kafka', 'storage'],
    ['spec', 'zookeeper', 'storage'],
  ],
};

const REFUSED = 'Strimzi refuses the cluster.';

export const strimziStorage: ObjectRule = {
  id: 'KAF16',
  title: 'Strimzi refuses the storage or the roles of its nodes',
  severity: 'error',
  source: 'Strimzi 0.51 and 1.2 NodePoolUtils, StorageUtils.validatePersistentStorage, VolumeUtils.createVolumePrefix',
  fixable: false,
  refusedBy: 'nobody',
  why: `A claim needs a size, each disk of several needs a number of its own, because the claims are named after it, and a pool without a role has
nothing to do. The API server accepts all of these; Strimzi then leaves the cluster as it is and sets its condition to NotReady. A single
node whose storage is ephemeral starts, but loses everything with its first restart.`,
  subject: 'object',
  kinds: Object.keys(PLACES),
  check: (object, report) => {
    for (const path of PLACES[object.groupKind] ?? []) checkStorage(object.root.at(...path), report);
    if (object.groupKind === 'kafka.strimzi.io/KafkaNodePool') checkRoles(object.spec.field('roles'), report);
    else checkSingle(object, report);
  },
};

function checkRoles(roles: NodeView, report: Report): void {
  if (roles.content?.kind !== 'sequence' || roles.isOpen || roles.items.length > 0) return;
  report({ at: roles, cause: 'required', message: `The pool has no role, neither broker nor controller. ${REFUSED}` });
}

function checkStorage(storage: NodeView, report: Report): void {
  const type = storage.field('type').text;
  if (type === 'persistent-claim') checkSize(storage, report);
  if (type !== 'jbod') return;
  const volumes = storage.field('volumes');
  if (volumes.isAbsent || (volumes.content?.kind === 'sequence' && !volumes.isOpen && volumes.items.length === 0)) {
    report({ at: volumes, cause: 'required', message: `Storage of the type jbod has no volume. ${REFUSED}` });
  }
  for (const volume of volumes.items) {
    if (volume.field('type').text === 'persistent-claim') checkSize(volume, report);
    if (volume.field('id').isAbsent) {
      const message = `A volume of jbod storage has no id, and its claims are named after it. ${REFUSED}`;
      report({ at: volume.field('id'), cause: 'required', message });
    }
  }
  checkNumbers(volumes, report);
}

function checkSize(storage: NodeView, report: Report): void {
  const size = storage.field('size');
  if (!size.isAbsent && size.text !== '') return;
  report({ at: size, cause: 'required', message: `A persistent claim has no size. ${REFUSED}` });
}

function checkNumbers(volumes: NodeView, report: Report): void {
  const first = new Map<number, NodeView>();
  for (const volume of volumes.items) {
    const id = volume.field('id');
    const earlier = id.integer === undefined ? undefined : first.get(id.integer);
    if (id.integer === undefined) continue;
    if (!earlier) first.set(id.integer, id);
    else {
      const message = `Two volumes have the id ${id.integer}, so both would be the same claim.`;
      report({ at: id, cause: 'duplicate', message, related: [{ at: earlier, message: 'It stands here first' }] });
    }
  }
}

/** With ZooKeeper the Kafka resource itself says how many brokers there are. */
function checkSingle({ spec, metadata }: ObjectView, report: Report): void {
  const kafka = spec.field('kafka');
  const storage = kafka.field('storage');
  const usesPools = metadata.at('annotations', 'strimzi.io/node-pools').isPresent;
  if (usesPools || kafka.field('replicas').integer !== 1 || !isEphemeral(storage)) return;
  const message = 'The only broker keeps its data on ephemeral storage: all topics are lost with its first restart.';
  report({ at: storage, cause: 'invalid', severity: 'warning', message });
}

function isEphemeral(storage: NodeView): boolean {
  const types = [storage, ...storage.field('volumes').items].map((view) => view.field('type').text);
  return types.includes('ephemeral');
}
