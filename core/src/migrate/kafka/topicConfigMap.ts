import { lose, put, type Draft } from '#core/migrate/job.ts';
import { beginTopic, settingLeaf } from '#core/migrate/kafka/topic.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { METADATA_ROWS, runRows, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import { isTrue, leaf, numberOf, putAt, textOf, treeAt, type Entry } from '#core/migrate/tree.ts';

/** Topics of nbogojevic/kafka-operator: ConfigMaps with the label `config: kafka-topic`, everything a text. */
const rows: readonly FieldRow[] = [
  { from: 'metadata.labels.config', silent: true },
  { from: 'metadata.labels.generator', silent: true },
  { from: 'metadata.annotations', silent: true },
  ...METADATA_ROWS.filter(({ from }) => from !== 'metadata.labels'),
  { from: 'metadata.labels', to: 'metadata.labels', make: addLabels },
  { from: 'data.name', to: 'metadata.name, spec.topicName', silent: true },
  { from: 'data.partitions', to: 'spec.partitions', make: count('spec.partitions') },
  { from: 'data.replication-factor', to: 'spec.replicas', make: count('spec.replicas') },
  { from: 'data.properties', to: 'spec.config', make: readProperties },
  { from: 'data.acl', to: 'KafkaUser', make: explainAcl },
  { from: 'data', silent: true },
];

export const topicConfigMap: Migration = {
  from: 'nbogojevic/kafka-operator',
  kinds: 'ConfigMap (v1) with the label config: kafka-topic',
  to: 'strimzi',
  isUsual: true,
  makes: 'KafkaTopic',
  matches: ({ group, kind }, source) =>
    group === '' && kind === 'ConfigMap' && textOf(treeAt(source, ['metadata', 'labels', 'config'])) === 'kafka-topic',
  rows,
  run: (job) => {
    const draft = beginTopic(job, job.text('data.name') ?? job.name);
    put(draft, 'spec.partitions', leaf(1));
    put(draft, 'spec.replicas', leaf(1));
    explainDefaults(
      draft,
      job.value('data.partitions') === undefined,
      job.value('data.replication-factor') === undefined,
    );
    runRows(rows, { job, draft });
    job.step(
      'Stop the old operator first, and never delete the ConfigMap while it runs with ENABLE_TOPIC_DELETE=true.',
    );
  },
};

function explainDefaults(draft: Draft, noPartitions: boolean, noReplicas: boolean): void {
  if (noPartitions)
    lose(draft, 'data.partitions', 'the old default was one for each broker; say how many the topic has');
  if (noReplicas)
    lose(
      draft,
      'data.replication-factor',
      'the old default was that of the operator; say how many replicas the topic has',
    );
}

function count(path: string): (entry: Entry, target: RowTarget) => void {
  return (entry, { draft }) => {
    const number = numberOf(entry.value);
    if (number !== undefined) put(draft, path, leaf(number), entry);
    else lose(draft, `data.${entry.name}`, `${JSON.stringify(textOf(entry.value) ?? '')} is no number`);
  };
}

function addLabels(entry: Entry, { draft }: RowTarget): void {
  if (entry.value?.kind !== 'map') return;
  for (const label of entry.value.entries) putAt(draft.tree, ['metadata', 'labels', label.name], label.value, label);
}

function readProperties(entry: Entry, { draft }: RowTarget): void {
  for (const line of (textOf(entry.value) ?? '').split('\n')) {
    const [, name, value = ''] = /^\s*([^\s#!=:][^\s=:]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) putAt(draft.tree, ['spec', 'config', name], settingLeaf(value));
  }
}

function explainAcl(entry: Entry, { draft }: RowTarget): void {
  if (!isTrue(entry.value)) return;
  lose(draft, 'data.acl', 'write a KafkaUser for every client of the topic, with the ACLs it needs');
}
