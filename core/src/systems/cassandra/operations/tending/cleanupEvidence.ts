import { formatTime } from '#core/time.ts';
import { counted } from '#core/live/plainText.ts';
import { sizeText } from '#core/live/sizes.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { isSystemKeyspace } from '#core/systems/cassandra/replication.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { named, nodeName } from '#core/systems/cassandra/operations/reading.ts';
import type { TimesByPod } from '#core/systems/cassandra/operations/tending/joins.ts';
import type { JudgedFiles } from '#core/systems/cassandra/operations/tending/ownedTokens.ts';
import { loadExcess } from '#core/systems/cassandra/operations/tending/skew.ts';

/**
 * Whether a node holds rows that it no longer owns. No node says so, and it is told from what is known, the surest first:
 *
 * 1. Its files, where they were looked at: one whose first or last row is not owned proves it, and files that lie wholly in what is owned
 *    disprove it. With many tokens a large file goes from one end of the ring to the other, and tells nothing by its ends.
 * 2. The keyspaces: with as many replicas as nodes everybody owns everything.
 * 3. Who has joined its datacenter since its last cleanup; only of its own rack, where there are as many racks as replicas. A cleanup by hand is
 *    written down nowhere, so that without any record it cannot be told; after a scale up of ours that has none it is taken to be needed.
 * 4. Its load against its share: 15 % and 1 GiB more is taken as a sign. Larger rows and garbage look the same.
 */
export interface NodeEvidence {
  readonly node: string;
  readonly verdict: 'needed' | 'not needed' | 'cannot be told';
  /** With the numbers. */
  readonly reason: string;
}

export interface EvidenceSources {
  readonly ring: RingView;
  /** Undefined when no node could tell, as before 4.0. */
  readonly keyspaces: readonly KeyspaceReplication[] | undefined;
  readonly claimedAt: TimesByPod;
  readonly cleanedAt: TimesByPod;
  /** Nodes that joined in runs of ours. */
  readonly addedAt: TimesByPod;
  /** By pod; of nodes whose files were to be looked at. */
  readonly files: ReadonlyMap<string, LookedAt | 'not told'>;
}

export interface LookedAt extends JudgedFiles {
  /** All files of the node. */
  readonly count: number;
}

/** A node for each of the ring that runs here. */
export function cleanupEvidence(sources: EvidenceSources): readonly NodeEvidence[] {
  const here = sources.ring.nodes.filter(({ isElsewhere }) => !isElsewhere);
  return here.map((node) => ({ node: nodeName(node), ...judgeNode(node, sources) }));
}

type Judgement = Omit<NodeEvidence, 'node'>;

function judgeNode(node: RingNode, sources: EvidenceSources): Judgement {
  const files = sources.files.get(node.member ?? '');
  const byFiles = files && judgeByFiles(files);
  if (byFiles && byFiles.verdict !== 'cannot be told') return byFiles;
  const everything = ownsEverything(node, sources);
  if (everything !== undefined) return { verdict: 'not needed', reason: everything };
  const excess = loadExcess(node, sources.ring);
  const load =
    excess === undefined
      ? 'its load and its share are not known'
      : `it holds ${sizeText(node.loadBytes ?? 0)}, and its share would be ${sizeText(excess.expected)}`;
  const joins = judgeByJoins(node, sources);
  const reason = [byFiles?.reason, joins.reason, load].filter((text) => text !== undefined).join('; ');
  if (joins.verdict === 'needed') return { verdict: 'needed', reason };
  if (excess?.isClear === true) return { verdict: 'needed', reason: `${reason}, unless its rows are larger or older` };
  return { verdict: excess === undefined ? 'cannot be told' : joins.verdict, reason };
}

function judgeByFiles(files: LookedAt | 'not told'): Judgement {
  if (files === 'not told')
    return {
      verdict: 'cannot be told',
      reason: 'its files cannot be looked at: its container has no sstablemetadata that answers',
    };
  const { count, outside, inside, across } = files;
  const judged = outside + inside + across;
  const looked = `${judged} of ${counted(count, 'file')} were looked at`;
  if (outside > 0)
    return { verdict: 'needed', reason: `${looked}, and ${outside} begin or end with rows it does not own` };
  if (judged === count) {
    if (across === 0) return { verdict: 'not needed', reason: `${looked}, and it owns everything that lies in them` };
  }
  return {
    verdict: 'cannot be told',
    reason: `${looked}: all begin and end with rows it owns, ${across} reach over ranges it does not own`,
  };
}

const isUsers = ({ keyspace, strategy }: KeyspaceReplication): boolean =>
  !isSystemKeyspace(keyspace) && strategy !== 'LocalStrategy';

/** Why nothing it holds is not its own; undefined when there may be something. */
function ownsEverything({ datacenter }: RingNode, { ring: { nodes }, keyspaces }: EvidenceSources): string | undefined {
  const local = nodes.filter((node) => node.datacenter === datacenter).length;
  const ofUsers = keyspaces?.filter(isUsers);
  if (ofUsers?.length === 0) return 'there are no keyspaces but those of Cassandra itself';
  const isAll = ofUsers?.every(({ strategy, factors }) => {
    if (strategy === 'EverywhereStrategy') return true;
    if (strategy === 'NetworkTopologyStrategy') return (factors[datacenter] ?? 0) >= local;
    return (factors['replication_factor'] ?? 0) >= nodes.length;
  });
  return isAll === true ? 'every keyspace has as many replicas as there are nodes: it owns everything' : undefined;
}

/** Nodes of a ring are made within this time when it begins, and have no rows yet. */
const BEGINNING_MS = 3_600_000;

function judgeByJoins(node: RingNode, sources: EvidenceSources): Judgement {
  const { claimedAt, cleanedAt, addedAt } = sources;
  const own = node.member ?? '';
  const cleaned = cleanedAt.get(own);
  const since = cleaned ?? addedAt.get(own) ?? claimedAt.get(own);
  if (since === undefined) return { verdict: 'cannot be told', reason: 'when it joined is not known' };
  const when = cleaned === undefined ? 'it joined itself' : `its cleanup of ${formatTime(cleaned)}`;
  const unwritten = cleaned === undefined ? ', and no cleanup since then is written down' : '';
  const others = rivals(node, sources);
  const later = (times: TimesByPod, from = since): readonly string[] =>
    others.filter(({ member }) => (times.get(member ?? '') ?? from) > from).map(nodeName);
  const added = later(addedAt);
  if (added.length > 0) return { verdict: 'needed', reason: `${named(added)} joined since ${when}${unwritten}` };
  const joined = later(claimedAt);
  if (joined.length > 0) {
    const reason = `${named(joined)} joined or came back empty since ${when}`;
    if (cleaned !== undefined) return { verdict: 'needed', reason };
    const isBeginning = later(claimedAt, since + BEGINNING_MS).length === 0;
    const hour = ', within an hour, as when a ring is made';
    return { verdict: 'cannot be told', reason: `${reason}${isBeginning ? hour : unwritten}` };
  }
  const untold = others.filter(({ member }) => !claimedAt.has(member ?? '')).map(nodeName);
  if (untold.length > 0) return { verdict: 'cannot be told', reason: `when ${named(untold)} joined is not known` };
  return { verdict: 'not needed', reason: `nobody has joined since ${when} (replication lowered since is not seen)` };
}

/** Nodes whose coming takes ranges from this one. With as many racks as replicas each rack has every row once, and shares it among its own. */
function rivals(node: RingNode, { ring, keyspaces }: EvidenceSources): readonly RingNode[] {
  const local = ring.nodes.filter((other) => other.datacenter === node.datacenter);
  const racks = new Set(local.map(({ rack }) => rack)).size;
  const isByRack = (keyspaces ?? [])
    .filter(isUsers)
    .every(
      ({ strategy, factors }) => strategy === 'NetworkTopologyStrategy' && (factors[node.datacenter] ?? 0) === racks,
    );
  const others = local.filter((other) => other !== node);
  return keyspaces !== undefined && isByRack ? others.filter(({ rack }) => rack === node.rack) : others;
}

/** More nodes than this are not told one by one. */
const MOST_TOLD = 24;

/** `members`: those that are gone over. */
export function notOwnedCheck(evidence: readonly NodeEvidence[], members: readonly string[]): Precondition {
  const id = { id: 'not-owned', title: 'Nodes hold rows that they no longer own' };
  const of = (verdict: NodeEvidence['verdict']): readonly NodeEvidence[] =>
    evidence.filter((one) => one.verdict === verdict);
  const told = [...of('needed'), ...of('cannot be told'), ...of('not needed')];
  const lines = told.slice(0, MOST_TOLD).map(({ node, verdict, reason }) => `${node}: ${verdict}; ${reason}`);
  const more = told.length > MOST_TOLD ? [`${told.length - MOST_TOLD} more nodes`] : [];
  const found = [...lines, ...more];
  const left = of('needed').filter(({ node }) => !members.includes(node));
  if (of('needed').length > 0) {
    const evidenceOfAll = [
      ...found,
      ...(left.length > 0 ? [`${named(left.map(({ node }) => node))} is not gone over`] : []),
    ];
    return { ...id, state: 'holds', evidence: evidenceOfAll };
  }
  const skipped = 'A cleanup that is not needed costs little: files with nothing to drop are skipped';
  if (of('cannot be told').length === 0 && evidence.length > 0)
    return { ...id, state: 'warns', evidence: [...found, skipped], fix: 'Nothing has to be cleaned up.' };
  return { ...id, state: 'unknown', evidence: [...found, skipped] };
}
