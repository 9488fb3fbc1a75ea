import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { integerOf, isMissing, parseInteger, placeOf, scalarText } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { IN_SYNC } from '#core/systems/kafka/rules/KAF01-more-replicas-than-brokers.ts';

interface Pair {
  readonly replicas: string;
  readonly inSync: string;
  readonly who: string;
  /** What `inSync` is when nobody sets it, where that alone can be too much. */
  readonly inSyncDefault?: number;
}

const PAIRS: readonly Pair[] = [
  {
    replicas: 'default.replication.factor',
    inSync: 'min.insync.replicas',
    who: 'A producer with acks=all cannot write to a topic made with these defaults',
  },
  {
    replicas: 'transaction.state.log.replication.factor',
    inSync: 'transaction.state.log.min.isr',
    who: 'No transactional producer can start',
    inSyncDefault: 2,
  },
  {
    replicas: 'share.coordinator.state.topic.replication.factor',
    inSync: 'share.coordinator.state.topic.min.isr',
    who: 'No share group can start',
  },
];

/** Kinds of topics, with the field that says how many replicas they have. */
const TOPICS: Readonly<Record<string, string>> = {
  'kafka.strimzi.io/KafkaTopic': 'replicas',
  'kafka.banzaicloud.io/KafkaTopic': 'replicationFactor',
};

export const minIsrAboveReplicas: ObjectRule = {
  id: 'KAF02',
  title: 'As many in-sync replicas are demanded as there are replicas, or more',
  severity: 'error',
  source: 'Kafka 4.3 documentation of min.insync.replicas and acks; UnifiedLog and Partition (NotEnoughReplicas)',
  fixable: false,
  refusedBy: 'nobody',
  why: `A write with \`acks=all\` counts once \`min.insync.replicas\` replicas have it. More than there are can never be reached: every such
write fails. Exactly as many means that no broker may be away: each restart of one broker stops the writes to its partitions. Two of three
is the usual choice.`,
  subject: 'object',
  check: (object, report) => {
    checkTopic(object, report);
    for (const group of viewBrokers(object)) for (const pair of PAIRS) checkPair(group, pair, report);
  },
};

function checkTopic({ groupKind, spec }: ObjectView, report: Report): void {
  const field = TOPICS[groupKind];
  if (field === undefined) return;
  const minimum = spec.at('config', 'min.insync.replicas');
  const wanted = parseInteger(scalarText(minimum));
  const replicas = spec.field(field).integer;
  if (wanted === undefined || replicas === undefined || replicas < 1) return;
  compare({ at: minimum, wanted, replicas, name: 'min.insync.replicas', of: 'the topic has', who: WRITERS }, report);
}

const WRITERS = 'A producer with acks=all cannot write to the topic';

function checkPair({ config, home, brokers }: BrokerGroup, pair: Pair, report: Report): void {
  const { replicas, inSync, who, inSyncDefault } = pair;
  const written = config.settings.get(inSync);
  const factor = config.settings.get(replicas);
  const copies = integerOf(config, replicas);
  if (!factor || copies === undefined || copies < 1) return;
  const of = `${factor.written} is`;
  const wanted = integerOf(config, inSync);
  // More than there are brokers is what KAF01 speaks of.
  if (wanted !== undefined && brokers !== undefined && wanted > brokers && IN_SYNC.includes(inSync)) return;
  if (written && wanted !== undefined) {
    compare({ ...placeOf(written), wanted, replicas: copies, name: written.written, of, who }, report);
  } else if (inSyncDefault !== undefined && inSyncDefault > copies && isMissing(config, inSync) && home.isPresent) {
    const message = `${factor.written} is ${copies}, but ${inSync} is left at its default of ${inSyncDefault}. ${who}.`;
    report({ ...placeOf(factor), cause: 'invalid', message });
  }
}

interface Comparison {
  readonly at: NodeView;
  readonly range?: { readonly start: number; readonly end: number };
  readonly wanted: number;
  readonly replicas: number;
  readonly name: string;
  readonly of: string;
  readonly who: string;
}

function compare({ at, range, wanted, replicas, name, of, who }: Comparison, report: Report): void {
  const place = range ? { at, range } : { at };
  const few = replicas === 1 ? '1' : String(replicas);
  const has = of.endsWith('is') ? `${of} ${few}` : `${of} ${few} ${replicas === 1 ? 'replica' : 'replicas'}`;
  if (wanted > replicas) {
    report({ ...place, cause: 'invalid', message: `${name} is ${wanted}, but ${has}. ${who}.` });
  } else if (wanted === replicas && replicas > 1) {
    const message = `${name} is ${wanted}, and ${has}, so all replicas must be there: ${lowerFirst(who)} while one broker restarts.`;
    report({ ...place, cause: 'invalid', severity: 'warning', message });
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
