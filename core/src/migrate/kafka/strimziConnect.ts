import { lose, put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import type { FieldRow, RowTarget } from '#core/migrate/rows.ts';
import {
  entryAt,
  entriesOf,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  takeAt,
  textOf,
  treeAt,
  type Entry,
  type Tree,
} from '#core/migrate/tree.ts';

/** Settings that became fields, with what Strimzi took before when nothing was said. */
const FIELDS = [
  { setting: 'group.id', field: 'groupId', fallback: 'connect-cluster' },
  { setting: 'offset.storage.topic', field: 'offsetStorageTopic', fallback: 'connect-cluster-offsets' },
  { setting: 'config.storage.topic', field: 'configStorageTopic', fallback: 'connect-cluster-configs' },
  { setting: 'status.storage.topic', field: 'statusStorageTopic', fallback: 'connect-cluster-status' },
];

const DEFAULT_REPLICAS = 3;

export const CONNECT_ROWS: readonly FieldRow[] = [
  {
    from: 'spec.config',
    to: 'spec.config; group.id and the storage topics become spec.groupId, spec.offsetStorageTopic, spec.configStorageTopic, spec.statusStorageTopic',
    make: moveSettings,
  },
  {
    from: 'spec.externalConfiguration',
    to: 'spec.template.connectContainer and spec.template.pod',
    make: moveExternal,
  },
  { from: 'spec.tracing', to: 'spec.tracing of type opentelemetry', make: keepTracing },
];

export function refuseConnectOauth(job: MigrationJob): void {
  if (job.text('spec.authentication.type') !== 'oauth') return;
  job.refuse(
    'authentication of type oauth is written as type custom in v1, with its settings in spec.config; without it Connect could not log in',
  );
}

function moveSettings(entry: Entry, { draft }: RowTarget): void {
  for (const { setting, field } of FIELDS) {
    const found = takeAt(entry.value, [setting]);
    if (found) put(draft, `spec.${field}`, found.value, found);
  }
  if (entriesOf(entry.value).length > 0) put(draft, 'spec.config', entry.value, entry);
}

/** v1 asks for what had defaults. */
export function finishConnect(draft: Draft): void {
  for (const { field, fallback } of FIELDS) {
    if (!entryAt(draft.tree, ['spec', field])) put(draft, `spec.${field}`, leaf(fallback));
  }
  if (!entryAt(draft.tree, ['spec', 'replicas'])) put(draft, 'spec.replicas', leaf(DEFAULT_REPLICAS));
}

function keepTracing(entry: Entry, { draft }: RowTarget): void {
  const type = textOf(treeAt(entry.value, ['type']));
  if (type === 'jaeger')
    lose(draft, 'spec.tracing', 'Jaeger clients are gone; type opentelemetry sends traces to a collector');
  else put(draft, 'spec.tracing', entry.value, entry);
}

function moveExternal({ value }: Entry, { draft, job }: RowTarget): void {
  const env = treeAt(value, ['env']);
  if (env) put(draft, 'spec.template.connectContainer.env', env);
  const volumes = itemsOf(treeAt(value, ['volumes']));
  if (volumes.length === 0) return;
  put(draft, 'spec.template.pod.volumes', listOf(volumes));
  put(draft, 'spec.template.connectContainer.volumeMounts', listOf(volumes.map(mountOf)));
  job.step(
    'Files of spec.externalConfiguration were below /opt/kafka/external-configuration and are below /mnt now: change the connectors that read them.',
  );
}

function mountOf(volume: Tree): Tree {
  const name = textOf(treeAt(volume, ['name'])) ?? '';
  return mapOf({ name: leaf(name), mountPath: leaf(`/mnt/${name}`) });
}
