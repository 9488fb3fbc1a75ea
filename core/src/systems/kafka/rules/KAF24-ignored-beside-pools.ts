import { removeEntry } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const ignoredBesidePools: ObjectRule = {
  id: 'KAF24',
  title: 'A part of the Kafka resource is ignored beside node pools or KRaft',
  severity: 'warning',
  source:
    'Strimzi 0.45 KRaftUtils (UnusedReplicasConfiguration, UnusedStorageConfiguration, UnusedZooKeeperConfiguration)',
  fixable: true,
  refusedBy: 'nobody',
  why: `With node pools the number of nodes and their storage are those of the KafkaNodePool resources, and without ZooKeeper its section means
nothing. Strimzi says so in a condition and passes them over, so a change to them changes nothing.`,
  subject: 'object',
  kinds: ['kafka.strimzi.io/Kafka'],
  check: (object, report) => {
    const { spec, metadata, text } = object;
    if (object.kind.version !== 'v1beta2') return;
    for (const { at, isIgnored, instead } of ignoredParts(spec, metadata)) {
      const { entry } = at;
      if (!isIgnored || !at.isPresent || at.isUnknown || !entry) continue;
      const message = `Strimzi ignores this: ${instead}.`;
      report({ at, cause: 'forbidden', message, fixes: () => removal(text, entry) });
    }
  },
};

interface Part {
  readonly at: NodeView;
  readonly isIgnored: boolean;
  readonly instead: string;
}

function ignoredParts(spec: ObjectView['spec'], metadata: ObjectView['metadata']): readonly Part[] {
  const isEnabled = (name: string): boolean => metadata.at('annotations', `strimzi.io/${name}`).text === 'enabled';
  const usesPools = isEnabled('node-pools');
  return [
    {
      at: spec.at('kafka', 'replicas'),
      isIgnored: usesPools,
      instead: 'with node pools their replicas count',
    },
    { at: spec.at('kafka', 'storage'), isIgnored: usesPools, instead: 'with node pools their storage counts' },
    { at: spec.field('zookeeper'), isIgnored: isEnabled('kraft'), instead: 'with KRaft there is no ZooKeeper' },
  ];
}

function removal(
  text: string,
  entry: NonNullable<NodeView['entry']>,
): readonly NonNullable<ReturnType<typeof removeEntry>>[] {
  const fix = removeEntry(text, entry, `Remove ${entry.key.text}`);
  return fix ? [{ ...fix, preferred: false }] : [];
}
