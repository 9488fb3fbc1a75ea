import type { BatchAnswer, BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { parseCompactionStats, type CompactionAnswer } from '#core/systems/cassandra/nodetool/compactionStats.ts';
import { parseDescribeCluster, type ClusterDescription } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { failureOf, type CommandFailure } from '#core/systems/cassandra/nodetool/failure.ts';
import { parseInfo, type InfoAnswer } from '#core/systems/cassandra/nodetool/info.ts';
import { parseNetstats, type NetstatsAnswer } from '#core/systems/cassandra/nodetool/netstats.ts';
import { parsePendingHints, type PendingHint } from '#core/systems/cassandra/nodetool/pendingHints.ts';
import { parseStatus, type StatusAnswer } from '#core/systems/cassandra/nodetool/status.ts';

/** What one node answers about itself and about the others; undefined where a command did not answer. */
export interface NodeAnswer {
  /** Name of the pod that was asked. */
  readonly member: string;
  readonly podUid: string;
  readonly podIp: string;
  readonly status: StatusAnswer | undefined;
  readonly info: InfoAnswer | undefined;
  readonly netstats: NetstatsAnswer | undefined;
  readonly cluster: ClusterDescription | undefined;
  readonly compactions: CompactionAnswer | undefined;
  /** Undefined also on versions that cannot tell, before 4.1. */
  readonly hints: readonly PendingHint[] | undefined;
  readonly failures: readonly { readonly command: string; readonly failure: CommandFailure }[];
}

/** Cheap and telling ones first: when the node stops answering, the rest is missing. */
const COMMANDS: readonly (BatchCommand & { readonly since?: readonly [number, number] })[] = [
  { name: 'info', args: ['info'] },
  { name: 'status', args: ['status'] },
  { name: 'netstats', args: ['netstats'] },
  { name: 'cluster', args: ['describecluster'] },
  { name: 'compactions', args: ['compactionstats'] },
  { name: 'hints', args: ['listpendinghints'], since: [4, 1] },
];

/** What a node is asked; an unknown version (empty) is asked everything. */
export function commandsFor(version: string): readonly BatchCommand[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return COMMANDS;
  return COMMANDS.filter(
    ({ since: [from, fromMinor] = [0, 0] }) =>
      Number(major) > from || (Number(major) === from && Number(minor) >= fromMinor),
  );
}

export interface AskedNode {
  readonly member: string;
  readonly podUid: string;
  readonly podIp: string;
}

export function readNodeAnswer(node: AskedNode, { results }: BatchAnswer): NodeAnswer {
  const failures: { command: string; failure: CommandFailure }[] = [];
  const read = <Answer>(command: string, parse: (text: string) => Answer): Answer | undefined => {
    const result = results.get(command);
    if (!result) return undefined;
    const failure = failureOf(result);
    if (!failure) return parse(result.stdout);
    failures.push({ command, failure });
    return undefined;
  };
  const { member, podUid, podIp } = node;
  return {
    member,
    podUid,
    podIp,
    info: read('info', parseInfo),
    status: read('status', parseStatus),
    netstats: read('netstats', parseNetstats),
    cluster: read('cluster', parseDescribeCluster),
    compactions: read('compactions', parseCompactionStats),
    hints: read('hints', parsePendingHints),
    failures,
  };
}
