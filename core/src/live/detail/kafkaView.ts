import type {
  KafkaBrokerPicture,
  KafkaPartitionPicture,
  KafkaPicture,
  KafkaTopicPicture,
} from '#core/live/detail/facts.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { bar, figure, plural, svg, table, type Column } from '#core/live/detail/parts.ts';
import { clean, sizeText } from '#core/live/detail/words.ts';

/** Columns of the grid; what is beyond is counted. */
const MOST_PARTITIONS = 240;
const MOST_TOPICS = 200;
const CELL = 14;
const LEFT = 74;

/** Brokers with their share of the work, the partitions across them, the quorum, and the topics. */
export function kafkaView(picture: KafkaPicture): readonly DetailElement[] {
  return [
    element('p', {}, balanceSentence(picture)),
    table('Brokers', brokerColumns(picture), picture.brokers, ({ id }) => `broker-${id}`),
    ...(picture.assignment.length > 0 ? [partitionGrid(picture)] : troubleGrid(picture)),
    ...quorumTable(picture),
    ...(picture.topics.length > 0 ? [topicTable(picture)] : []),
  ];
}

/** `Broker 0 leads 12 of 28 partitions; an even share is 9.3. 71 % of partitions are led by their preferred replica.` */
function balanceSentence({ brokers, total, preferredShare }: KafkaPicture): string {
  const serving = brokers.filter(({ isFenced }) => !isFenced);
  const led = serving.reduce((sum, { leaders }) => sum + leaders, 0);
  const [most] = serving.toSorted((a, b) => b.leaders - a.leaders);
  const share = serving.length === 0 ? 0 : led / serving.length;
  const sentences = [
    ...(most === undefined || led === 0
      ? ['No broker leads a partition.']
      : [
          `Broker ${most.id} leads ${most.leaders} of ${plural(total ?? led, 'partition')}; an even share is ${share.toFixed(1)}.`,
        ]),
    ...(preferredShare === undefined
      ? []
      : [`${Math.floor(preferredShare * 100)} % of partitions are led by their preferred replica.`]),
  ];
  return sentences.join(' ');
}

function brokerColumns({ brokers }: KafkaPicture): readonly Column<KafkaBrokerPicture>[] {
  const mostLeaders = Math.max(1, ...brokers.map(({ leaders }) => leaders));
  const mostReplicas = Math.max(1, ...brokers.map(({ replicas }) => replicas));
  return [
    { title: 'Broker', isHead: true, cell: ({ id, pod }) => (pod === '' ? String(id) : `${id} (${clean(pod)})`) },
    { title: 'Rack', cell: ({ rack }) => clean(rack) },
    { title: 'State', cell: ({ isFenced }) => (isFenced ? 'fenced: serves nothing' : 'registered') },
    { title: 'Leads', isNumber: true, cell: ({ leaders }) => bar(leaders / mostLeaders, String(leaders)) },
    { title: 'Replicas', isNumber: true, cell: ({ replicas }) => bar(replicas / mostReplicas, String(replicas)) },
    {
      title: 'Not in sync',
      isNumber: true,
      cell: ({ outOfSync, replicas }) =>
        bar(outOfSync.count / Math.max(1, replicas), String(outOfSync.count), 'warning'),
    },
    {
      title: 'Disk',
      isNumber: true,
      cell: ({ usedBytes, totalBytes }) =>
        usedBytes === undefined || totalBytes === undefined
          ? 'not known'
          : bar(usedBytes / Math.max(1, totalBytes), `${sizeText(usedBytes)} of ${sizeText(totalBytes)}`),
    },
  ];
}

/** Brokers down, partitions across: who leads, who is in sync, who is not. */
function partitionGrid({ assignment, brokers }: KafkaPicture): DetailElement {
  const shown = assignment.slice(0, MOST_PARTITIONS);
  const ids = [...new Set([...brokers.map(({ id }) => id), ...shown.flatMap(({ replicas }) => replicas)])].toSorted(
    (a, b) => a - b,
  );
  const rows = ids.map((id, row) => [
    element('text', { x: 0, y: row * CELL + 11, class: 'label' }, `Broker ${id}`),
    shown.flatMap((partition, column) => cellOf(partition, id, LEFT + column * CELL, row * CELL)),
  ]);
  const behind = shown.filter(({ replicas, isr }) => isr.length < replicas.length);
  const label = `${plural(assignment.length, 'partition')} across ${plural(ids.length, 'broker')}: ${plural(behind.length, 'partition')} with a replica that is not in sync.`;
  const more = assignment.length - shown.length;
  return figure(
    `${label} L marks the leader, a dot a replica in sync, a cross one that is not.${more > 0 ? ` ${more} more are not drawn.` : ''}`,
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Partitions across brokers' },
      svg(LEFT + shown.length * CELL + 2, ids.length * CELL + 2, label, rows),
    ),
    behind.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, 'Partitions that are not in sync'),
        element('ul', {}, behind.map(partitionItem)),
      ),
  );
}

function cellOf(
  { name, leader, replicas, isr }: KafkaPartitionPicture,
  id: number,
  x: number,
  y: number,
): DetailElement[] {
  if (!replicas.includes(id)) return [element('rect', { class: 'none', x, y, width: CELL - 2, height: CELL - 2 })];
  const state = leader === id ? 'leader' : isr.includes(id) ? 'insync' : 'outofsync';
  const word = { leader: 'leads', insync: 'in sync', outofsync: 'not in sync' }[state];
  const sign = { leader: 'L', insync: '·', outofsync: '×' }[state];
  return [
    element(
      'rect',
      { class: state, x, y, width: CELL - 2, height: CELL - 2 },
      element('title', {}, `${clean(name)}: broker ${id} ${word}`),
    ),
    element('text', { class: 'sign', x: x + 6, y: y + 10, 'text-anchor': 'middle', 'aria-hidden': 'true' }, sign),
  ];
}

function partitionItem({ name, leader, replicas, isr }: KafkaPartitionPicture): DetailElement {
  const missing = replicas.filter((id) => !isr.includes(id)).join(', ');
  const led = leader === -1 ? 'nobody leads it' : `led by ${leader}`;
  return element(
    'li',
    { 'data-key': clean(name) },
    `${clean(name)}: ${led}, in sync ${isr.join(', ')}, not in sync ${missing}`,
  );
}

interface TroubledPartition {
  readonly name: string;
  readonly troubles: readonly string[];
}

/** Without the whole assignment: the partitions that have trouble, and on which brokers they lag. */
function troubleGrid({ offline, underMinIsr, underReplicated, brokers }: KafkaPicture): DetailElement[] {
  const classes = [
    { list: offline, word: 'no leader' },
    { list: underMinIsr, word: 'under min ISR' },
    { list: underReplicated, word: 'under-replicated' },
  ];
  const names = [...new Set(classes.flatMap(({ list }) => list.names))].slice(0, MOST_PARTITIONS);
  if (names.length === 0) return [];
  const rows = names.map((name): TroubledPartition => ({
    name,
    troubles: classes.filter(({ list }) => list.names.includes(name)).map(({ word }) => word),
  }));
  const columns: readonly Column<TroubledPartition>[] = [
    { title: 'Partition', isHead: true, cell: ({ name }) => clean(name) },
    { title: 'What is wrong', cell: ({ troubles }) => troubles.join(', ') },
    ...brokers.map(({ id, outOfSync }) => ({
      title: `Broker ${id}`,
      cell: ({ name }: TroubledPartition) => (outOfSync.names.includes(name) ? '× not in sync' : ''),
    })),
  ];
  const caption = `Partitions with trouble: ${offline.count} without a leader, ${underMinIsr.count} under min ISR, ${underReplicated.count} under-replicated`;
  return [table(caption, columns, rows, ({ name }) => name)];
}

function quorumTable({ quorum }: KafkaPicture): DetailElement[] {
  if (quorum === undefined || quorum.voters.length === 0) return [];
  const caption = quorum.leaderId === -1 ? 'Controllers: no leader' : `Controllers: ${quorum.leaderId} leads`;
  return [
    table(
      caption,
      [
        { title: 'Controller', isHead: true, cell: ({ id }) => String(id) },
        { title: 'Role', cell: ({ id }) => (id === quorum.leaderId ? 'leader' : 'follower') },
        { title: 'Records behind', isNumber: true, cell: ({ lag }) => String(lag) },
      ],
      quorum.voters,
      ({ id }) => `voter-${id}`,
    ),
  ];
}

function topicTable({ topics }: KafkaPicture): DetailElement {
  const worstFirst = topics.toSorted((a, b) => troubleOf(b) - troubleOf(a) || (a.name < b.name ? -1 : 1));
  const more = topics.length - MOST_TOPICS;
  return table(
    more > 0 ? `Topics, worst first; ${more} more are not shown` : 'Topics, worst first',
    [
      { title: 'Topic', isHead: true, cell: ({ name }) => clean(name) },
      { title: 'Partitions', isNumber: true, cell: ({ partitions }) => String(partitions) },
      { title: 'Replicas', isNumber: true, cell: ({ replicationFactor }) => String(replicationFactor) },
      { title: 'Min ISR', isNumber: true, cell: ({ minIsr }) => (minIsr === undefined ? 'not known' : String(minIsr)) },
      { title: 'Under-replicated', isNumber: true, cell: ({ underReplicated }) => String(underReplicated) },
      { title: 'Under min ISR', isNumber: true, cell: ({ underMinIsr }) => String(underMinIsr) },
      { title: 'Without a leader', isNumber: true, cell: ({ offline }) => String(offline) },
    ],
    worstFirst.slice(0, MOST_TOPICS),
    ({ name }) => `topic-${name}`,
  );
}

function troubleOf({ offline, underMinIsr, underReplicated }: KafkaTopicPicture): number {
  return offline * 1e6 + underMinIsr * 1e3 + underReplicated;
}
