import type { CommandResult } from './nodetool.ts';
import type { RingNode, RingSimulation } from './ring.ts';

type Table = (ring: RingSimulation, node: RingNode, now: number, args: readonly string[]) => CommandResult;

const said = (lines: readonly string[]): CommandResult => ({
  exitCode: 0,
  stdout: `${lines.join('\n')}\n`,
  stderr: '',
});

/** Commands that only tell, in the form of 5.0. */
export const nodetoolTables: Readonly<Record<string, Table>> = {
  status,
  info,
  netstats,
  describecluster: describeCluster,
  compactionstats: compactionStats,
  listpendinghints: pendingHints,
  gossipinfo: gossipInfo,
  describering: describeRing,
  version: (ring) => said([`ReleaseVersion: ${ring.plan.version}`]),
  statusbinary: (ring, node, now) => said([ring.isCqlOpen(node, now) ? 'running' : 'not running']),
  statusgossip: (ring, node, now) => said([isGossiping(ring, node, now) ? 'running' : 'not running']),
  statushandoff: () => said(['Hinted handoff is running']),
  getmaxhintwindow: () => said(['Current max hint window: 10800000 ms']),
  getcompactionthroughput: () => said(['Current compaction throughput: 64.0 MiB/s']),
  listsnapshots: () => said(['Snapshot Details: ', 'There are no snapshots']),
  repair_admin: () => said(['no sessions']),
};

function status(ring: RingSimulation, node: RingNode, now: number, [keyspace]: readonly string[]): CommandResult {
  if (keyspace !== undefined && !ring.plan.keyspaces.some(({ name }) => name === keyspace)) {
    return { exitCode: 1, stdout: `\nError: The keyspace ${keyspace}, does not exist\n`, stderr: '' };
  }
  const replication =
    ring.plan.keyspaces.find(({ name }) => name === keyspace)?.replication ?? largestReplication(ring);
  const owns = ownershipOf(ring, replication);
  const rows = ring.nodes.flatMap((target) => {
    const view = ring.view(node, target, now);
    if (view === undefined) return [];
    const state = `${view.isUp ? 'U' : 'D'}${stateLetter(ring, target, now)}`;
    const share = `${(owns.get(target) ?? 0).toFixed(1)}%`;
    return [
      [
        state,
        view.address,
        sizeText(target.loadBytes),
        String(target.tokens.length),
        share,
        target.hostId,
        target.plan.rack,
      ],
    ];
  });
  const header = ['--', 'Address', 'Load', 'Tokens', 'Owns (effective)', 'Host ID', 'Rack'];
  const title = `Datacenter: ${ring.plan.datacenter}`;
  return said([
    title,
    '='.repeat(title.length),
    'Status=Up/Down',
    '|/ State=Normal/Leaving/Joining/Moving',
    ...columns([header, ...rows]),
    '',
  ]);
}

function stateLetter(ring: RingSimulation, target: RingNode, now: number): string {
  if (ring.isJoining(target, now)) return 'J';
  return target.leavingAt === undefined ? 'N' : 'L';
}

function info(ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const isJoined = now - node.startedAt >= ring.pace.gossipMs;
  const values: readonly (readonly [string, string])[] = [
    ['ID', node.hostId],
    ['Gossip active', String(isGossiping(ring, node, now))],
    ['Native Transport active', String(ring.isCqlOpen(node, now))],
    ['Load', sizeText(node.loadBytes)],
    ['Uncompressed load', sizeText(node.loadBytes * 1.8)],
    ['Generation No', String(isGossiping(ring, node, now) ? Math.floor(node.startedAt / 1000) : 0)],
    ['Uptime (seconds)', String(Math.floor((now - node.startedAt) / 1000))],
    ['Heap Memory (MB)', `${(310 + ((now / 1000) % 400)).toFixed(2)} / 2048.00`],
    ['Off Heap Memory (MB)', '4.21'],
    ['Data Center', ring.plan.datacenter],
    ['Rack', node.plan.rack],
    ['Exceptions', '0'],
    [
      'Key Cache',
      'entries 412, size 38.42 KiB, capacity 100 MiB, 91200 hits, 93411 requests, 0.976 recent hit rate, 14400 save period in seconds',
    ],
    ['Percent Repaired', '0.0%'],
    [
      'Token',
      isJoined
        ? `(invoke with -T/--tokens to see all ${node.tokens.length} tokens)`
        : '(node is not joined to the cluster)',
    ],
    ['Bootstrap state', 'COMPLETED'],
    ['Bootstrap failed', 'false'],
    ['Decommissioning', 'false'],
    ['Decommission failed', 'false'],
  ];
  return said(values.map(([name, value]) => `${name.padEnd(23)}: ${value}`));
}

function netstats(ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const mode = ring.modeOf(node, now);
  const head = [`Mode: ${mode}`, ...streamLines(ring, node, now)];
  if (mode === 'STARTING') return said(head);
  const pools = [
    ['Pool Name', 'Active', 'Pending', 'Completed', 'Dropped'],
    ['Large messages', 'n/a', '0', '12', '0'],
    ['Small messages', 'n/a', '0', String(Math.floor((now - node.startedAt) / 90)), '0'],
    ['Gossip messages', 'n/a', '0', String(Math.floor((now - node.startedAt) / 400)), '0'],
  ];
  const repairs = ['Read Repair Statistics:', 'Attempted: 4', 'Mismatch (Blocking): 0', 'Mismatch (Background): 0'];
  return said([...head, ...repairs, ...columns(pools)]);
}

/** Of a node that leaves: to the first of the others. */
function streamLines(ring: RingSimulation, node: RingNode, now: number): readonly string[] {
  const peer = ring.nodes.find((other) => other !== node && !ring.hasLeft(other, now));
  if (node.leavingAt === undefined || peer === undefined || ring.hasLeft(node, now))
    return ['Not sending any streams.'];
  const share = (now - node.leavingAt) / ring.pace.leaveMs;
  const percent = `${(share * 100).toFixed(2)}%`;
  const done = Math.round(node.loadBytes * share);
  return [
    `Unbootstrap ${node.hostId}`,
    `    /${peer.address}`,
    `        Sending 8 files, ${node.loadBytes} bytes total. Already sent ${Math.floor(8 * share)} files (${percent}), ${done} bytes total (${percent})`,
  ];
}

function describeCluster(ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const views = ring.nodes.flatMap((target) => ring.view(node, target, now) ?? []);
  const up = views.filter(({ isUp }) => isUp).map(({ address }) => address);
  const down = views.filter(({ isUp }) => !isUp).map(({ address }) => address);
  const { clusterName, datacenter, version, keyspaces } = ring.plan;
  const head = [
    'Cluster Information:',
    `\tName: ${clusterName}`,
    '\tSnitch: org.apache.cassandra.locator.GossipingPropertyFileSnitch',
    '\tDynamicEndPointSnitch: enabled',
    '\tPartitioner: org.apache.cassandra.dht.Murmur3Partitioner',
    '\tSchema versions:',
  ];
  if (ring.modeOf(node, now) === 'DRAINED') {
    const stderr =
      'error: event executor terminated\n-- StackTrace --\njava.util.concurrent.RejectedExecutionException: event executor terminated\n';
    return { exitCode: 2, stdout: `${head.join('\n')}\n`, stderr };
  }
  return said([
    ...head,
    `\t\t${ring.schemaVersion}: [${up.join(', ')}]`,
    '',
    ...(down.length === 0 ? [] : [`\t\tUNREACHABLE: [${down.join(', ')}]`, '']),
    'Stats for all nodes:',
    ...[
      ['Live', up.length],
      ['Joining', 0],
      ['Moving', 0],
      ['Leaving', 0],
      ['Unreachable', down.length],
    ].map(([name, count]) => `\t${name}: ${count}`),
    '',
    'Data Centers: ',
    `\t${datacenter} #Nodes: ${views.length} #Down: ${down.length}`,
    '',
    'Database versions:',
    `\t${version}: [${views.map(({ address }) => `${address}:7000`).join(', ')}]`,
    '',
    'Keyspaces:',
    ...keyspaces.map(
      ({ name, replication }) =>
        `\t${name} -> Replication class: NetworkTopologyStrategy {${datacenter}=${replication}}`,
    ),
    '\tsystem -> Replication class: LocalStrategy {}',
    '\tsystem_schema -> Replication class: LocalStrategy {}',
  ]);
}

function compactionStats(_ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const isCleaning = now < node.cleanupUntil;
  const facts = [
    ['concurrent compactors', '2'],
    ['pending tasks', isCleaning ? '1' : '0'],
    ['compactions completed', '41'],
    ['data compacted', '1.21 GiB'],
    ['compactions aborted', '0'],
    ['compactions reduced', '0'],
    ['sstables dropped from compaction', '0'],
    ['15 minute rate', '0.02/minute'],
    ['mean rate', '0.31/hour'],
    ['compaction throughput (MiB/s)', '64.0'],
  ];
  if (!isCleaning) return said(columns(facts));
  const share = 100 - ((node.cleanupUntil - now) / 8000) * 100;
  const done = Math.round((node.loadBytes * share) / 100);
  const id = `${node.hostId.slice(0, -4)}c1ea`;
  return said([
    ...columns(facts),
    ...columns([
      ['id', 'compaction type', 'keyspace', 'table', 'completed', 'total', 'unit', 'progress'],
      [id, 'Cleanup', 'shop', 'orders', String(done), String(node.loadBytes), 'bytes', `${share.toFixed(2)}%`],
    ]),
    'active compaction remaining time :   0h00m08s',
  ]);
}

function pendingHints(ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const rows = [...node.hints].flatMap(([hostId, { files, newestAt, oldestAt }]) => {
    const target = ring.nodes.find((other) => other.hostId === hostId);
    if (target === undefined) return [];
    const view = ring.view(node, target, now);
    const state = view?.isUp === true ? 'UP' : 'DOWN';
    return [
      [
        hostId,
        view?.address ?? '',
        target.plan.rack,
        ring.plan.datacenter,
        state,
        String(files),
        hintTime(newestAt),
        hintTime(oldestAt),
      ],
    ];
  });
  if (rows.length === 0) return said(['This node does not have any pending hints']);
  return said(columns([['Host ID', 'Address', 'Rack', 'DC', 'Status', 'Total files', 'Newest', 'Oldest'], ...rows]));
}

function gossipInfo(ring: RingSimulation, node: RingNode, now: number): CommandResult {
  const lines = ring.nodes.flatMap((target) => {
    const view = ring.view(node, target, now);
    if (view === undefined) return [];
    const word = view.isUp ? `NORMAL,${target.tokens[0] ?? 0}` : 'shutdown,true';
    return [
      `/${view.address}`,
      `  generation:${Math.floor(target.startedAt / 1000)}`,
      `  heartbeat:${Math.floor((now - target.startedAt) / 1000)}`,
      `  STATUS_WITH_PORT:20:${word}`,
      `  LOAD:40:${target.loadBytes}.0`,
      `  SCHEMA:16:${ring.schemaVersion}`,
      `  DC:12:${ring.plan.datacenter}`,
      `  RACK:14:${target.plan.rack}`,
      `  RELEASE_VERSION:5:${ring.plan.version}`,
      `  RPC_READY:44:${String(ring.isCqlOpen(target, now))}`,
      `  HOST_ID:2:${target.hostId}`,
      '  TOKENS:18:<hidden>',
    ];
  });
  return said(lines);
}

function describeRing(
  ring: RingSimulation,
  node: RingNode,
  now: number,
  [keyspace = '']: readonly string[],
): CommandResult {
  const known = ring.plan.keyspaces.find(({ name }) => name === keyspace);
  if (known === undefined) {
    return { exitCode: 1, stdout: `nodetool: The keyspace ${keyspace}, does not exist\n`, stderr: '' };
  }
  const addresses = new Map(
    ring.nodes.map((target) => [target, ring.view(node, target, now)?.address ?? target.address]),
  );
  const ranges = tokenRanges(ring).map(({ start, end }) => {
    const owners = replicasOf(ring, end, known.replication).map((owner) => addresses.get(owner) ?? '');
    const list = owners.join(', ');
    return `\tTokenRange(start_token:${start}, end_token:${end}, endpoints:[${list}], rpc_endpoints:[${list}], endpoint_details:[])`;
  });
  return said([`Schema Version:${ring.schemaVersion}`, 'TokenRange: ', ...ranges]);
}

/** Percent of the data each node has, counting every copy. */
export function ownershipOf(ring: RingSimulation, replication: number): ReadonlyMap<RingNode, number> {
  const shares = new Map<RingNode, number>();
  for (const { start, end } of tokenRanges(ring)) {
    const width = Number(BigInt.asUintN(64, end - start)) / 2 ** 64;
    for (const owner of replicasOf(ring, end, replication)) shares.set(owner, (shares.get(owner) ?? 0) + width * 100);
  }
  return shares;
}

/** Ranges that a node is a replica of, and those that it is not. */
export function rangesOf(
  ring: RingSimulation,
  node: RingNode,
  replication: number,
): { readonly owned: readonly TokenRange[]; readonly others: readonly TokenRange[] } {
  const isOwned = ({ end }: TokenRange): boolean => replicasOf(ring, end, replication).includes(node);
  const ranges = tokenRanges(ring).filter(({ start, end }) => start < end);
  return { owned: ranges.filter(isOwned), others: ranges.filter((range) => !isOwned(range)) };
}

/** Its start is not part of it. */
export interface TokenRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Those whose tokens count once whoever leaves has left. */
function stayingNodes(ring: RingSimulation): readonly RingNode[] {
  const staying = ring.nodes.filter(({ leavingAt, replaces }) => leavingAt === undefined && replaces === undefined);
  return staying.length === 0 ? ring.nodes : staying;
}

function tokenRanges(ring: RingSimulation): readonly TokenRange[] {
  const tokens = stayingNodes(ring)
    .flatMap((node) => node.tokens)
    .toSorted((a, b) => (a < b ? -1 : 1));
  return tokens.map((end, index) => ({ start: tokens.at(index - 1) ?? end, end }));
}

/** NetworkTopologyStrategy: the next nodes of the ring, each of another rack while there is one. */
function replicasOf(ring: RingSimulation, token: bigint, replication: number): readonly RingNode[] {
  const owners = stayingNodes(ring)
    .flatMap((node) => node.tokens.map((own) => ({ own, node })))
    .toSorted((a, b) => (a.own < b.own ? -1 : 1));
  const first = owners.findIndex(({ own }) => own >= token);
  const inOrder = [...owners.slice(first), ...owners.slice(0, first)].map(({ node }) => node);
  const racks = new Set(stayingNodes(ring).map(({ plan }) => plan.rack)).size;
  const chosen: RingNode[] = [];
  for (const node of inOrder) {
    if (chosen.length >= Math.min(replication, stayingNodes(ring).length)) break;
    const used = new Set(chosen.map(({ plan }) => plan.rack));
    if (!chosen.includes(node) && (!used.has(node.plan.rack) || used.size >= racks)) chosen.push(node);
  }
  return chosen;
}

function largestReplication(ring: RingSimulation): number {
  return Math.max(1, ...ring.plan.keyspaces.map(({ replication }) => replication));
}

function isGossiping(ring: RingSimulation, node: RingNode, now: number): boolean {
  return ring.seesItselfUp(node, now) && node.drainingAt === undefined;
}

/** Two blanks between columns, every cell padded, also the last. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** step;
  return `${step === 0 ? amount : Number(amount.toFixed(2))} ${units[step]}`;
}

function hintTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '').replace('.', ',');
}
