import type { DataCluster, HealthLevel, InsideFacts, LiveMember } from '#core/live/model.ts';
import { severityOf, type Finding } from '#core/systems/cassandra/live/findings.ts';
import { cassandraFacts } from '#core/systems/cassandra/live/inside.ts';
import { isOutdated, type AskedRing } from '#core/systems/cassandra/live/ringFindings.ts';
import { ago, bytesText, count } from '#core/systems/cassandra/live/words.ts';

export interface RingSaid {
  readonly cluster: DataCluster;
  readonly inside: InsideFacts | undefined;
  /** The same, when it is fresh enough to count. */
  readonly asked: AskedRing | undefined;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly now: number;
}

/** How many, what is wrong or going on, and what is not known: `4 of 5 nodes up; rack r2: cassandra-4 seen down by 4 peers`. */
export function ringSentence(said: RingSaid): string {
  const parts = [countText(said), reasonText(said), unknownText(said)];
  return parts.filter((part) => part !== '').join('; ');
}

function countText({ cluster, asked }: RingSaid): string {
  const { members, wanted } = cluster;
  if (members.length === 0 && wanted === 0) return 'stopped, no nodes are wanted';
  if (members.length === 0 && wanted === undefined) return 'no nodes here';
  const here = asked?.facts.ring.nodes.filter(({ verdict, isElsewhere }) => verdict === 'up' && !isElsewhere) ?? [];
  const total = Math.max(members.length, wanted ?? 0, here.length);
  if (!asked) return `${readyCount(cluster)} of ${count(total, 'node')} ready`;
  const up = upCount(cluster, asked);
  const nodes = `${up} of ${count(total, 'node')}`;
  return up === total && isWhole(cluster, asked) ? `${nodes}, ${wholeText(asked)}` : `${nodes} up`;
}

/** Without leave to list pods, their workloads tell how many there are. */
export const isPodHidden = ({ hidden }: DataCluster): boolean => hidden?.includes('pods') ?? false;

function readyCount(cluster: DataCluster): number {
  if (!isPodHidden(cluster)) return cluster.members.filter(isReady).length;
  return cluster.workloads.reduce((sum, { readyReplicas }) => sum + readyReplicas, 0);
}

const isReady = ({ pod }: LiveMember): boolean => pod?.isReady === true && pod.meta.deletedAt === undefined;

/** Nodes here that are up as their peers see them, whether or not it is known which pods they run in. */
function upCount({ members }: DataCluster, { inside, facts }: AskedRing): number {
  const byName = new Map(members.map((member) => [member.name, member]));
  return facts.ring.nodes.filter((node) => {
    const member = byName.get(node.member ?? '');
    return node.verdict === 'up' && !node.isElsewhere && !(member && isOutdated(member, node, inside, facts));
  }).length;
}

/** Every member answered, and each sees all others up: nothing less is called whole. */
const isWhole = ({ members }: DataCluster, { facts: { ring } }: AskedRing): boolean =>
  members.every(({ name }) => ring.observers.includes(name)) &&
  ring.nodes.every(({ verdict, peers }) => verdict === 'up' && peers.every(({ liveness }) => liveness === 'up'));

function wholeText({ facts: { ring } }: AskedRing): string {
  if (ring.nodes.length === 1) return 'up and normal by its own word';
  const elsewhere = ring.nodes.filter(({ isElsewhere }) => isElsewhere).length;
  const others = elsewhere === 0 ? '' : `, and so ${elsewhere === 1 ? 'is' : 'are'} ${elsewhere} in other datacenters`;
  return `all up and normal from every node${others}`;
}

/** The worst, and how many more there are: of warnings and worse when it is one of them, else of all. */
function reasonText({ cluster, findings }: RingSaid): string {
  const [first, ...others] = groupBySubject(findings);
  if (!first) return '';
  const least = Math.min(severityOf(first.level), severityOf('warning'));
  const more = others.filter(({ level }) => severityOf(level) >= least).length;
  return `${placeOf(first.key, cluster)}${first.text}${more === 0 ? '' : `, and ${more} more`}`;
}

interface Group {
  /** Name of the member, or the subject. */
  readonly key: string;
  readonly level: HealthLevel;
  readonly text: string;
}

/** Two findings about one subject make one clause. */
function groupBySubject(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = finding.member ?? finding.subject;
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups].map(([key, [first, second]]) => {
    const text = `${first.subject} ${first.said}`;
    return { key, level: first.level, text: second?.subject === first.subject ? `${text}, ${second.said}` : text };
  });
}

/** The rack, where there are several to tell apart. */
function placeOf(member: string, { members }: DataCluster): string {
  const rack = members.find(({ name }) => name === member)?.group ?? '';
  return rack !== '' && members.some(({ group }) => group !== rack) ? `rack ${rack}: ` : '';
}

/** What is not known of the ring. */
function unknownText({ cluster, inside, asked, now }: RingSaid): string {
  if (cluster.members.length === 0) return '';
  if (!inside) return 'ring not asked';
  const [problem, ...more] = inside.problems;
  const problems = problem === undefined ? '' : `${problem}${more.length === 0 ? '' : `, and ${more.length} more`}`;
  if (asked) return problems;
  if (cassandraFacts(inside)) return `ring asked${ago(inside.askedAt, now)}, not since`;
  return problems === '' ? 'ring could not be asked' : `ring could not be asked: ${problems}`;
}

/** What is said of a member, or how its peers see it. */
export function memberSentence(
  { name, pod }: LiveMember,
  cluster: DataCluster,
  findings: readonly Finding[],
  asked: AskedRing | undefined,
): string {
  if (findings.length > 0) return findings.slice(0, 3).map(bySaying).join(', ');
  const node = asked?.facts.ring.nodes.find(({ member }) => member === name);
  if (node?.verdict !== 'up') {
    if (!pod && isPodHidden(cluster)) return 'pods may not be listed here';
    return `${pod?.isReady ? 'ready' : 'no pod'}; ring not asked`;
  }
  const parts = [
    peersText(node.peers.length),
    ...(node.loadBytes === undefined ? [] : [bytesText(node.loadBytes)]),
    ...(node.owns === undefined ? [] : [`owns ${node.owns} %`]),
  ];
  return parts.join(', ');
}

function peersText(peers: number): string {
  if (peers === 0) return 'up and normal by its own word';
  return `up and normal as ${peers === 1 ? '1 peer sees it' : `${peers} peers see it`}`;
}

/** `for cassandra-1` stands before what waits for it. */
const bySaying = ({ subject, said }: Finding): string => (subject.startsWith('for ') ? `${said} for it` : said);
