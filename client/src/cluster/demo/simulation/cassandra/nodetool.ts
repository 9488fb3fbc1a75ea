import { nodetoolTables } from './tables.ts';
import type { RingNode, RingSimulation } from './ring.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that takes its time; what it says is made at its end. */
export interface RunningCommand {
  readonly takesMs: number;
  finish(now: number): CommandResult;
}

const said = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: '' });

/** Starting a Java machine; a quarter of what a real one takes, so that nobody waits for a simulation. */
const NODETOOL_MS = 250;

/** `nodetool` inside the pod of a node, with the texts of Cassandra 5.0. */
export function nodetool(ring: RingSimulation, node: RingNode, args: readonly string[], now: number): RunningCommand {
  const [command = 'help', ...rest] = args.filter((arg) => !arg.startsWith('-') || arg === '--');
  if (!ring.isJmxOpen(node, now)) return { takesMs: NODETOOL_MS, finish: () => refusedConnection };
  if (command === 'removenode') return removeNode(ring, node, now, rest[0] ?? '');
  const action = actions[command];
  if (action !== undefined) return action(ring, node, now);
  const table = nodetoolTables[command];
  if (table === undefined) return { takesMs: NODETOOL_MS, finish: () => unknownCommand(command) };
  return { takesMs: NODETOOL_MS, finish: (at) => table(ring, node, at, rest) };
}

const actions: Readonly<Record<string, (ring: RingSimulation, node: RingNode, now: number) => RunningCommand>> = {
  drain: (ring, node, now) => {
    ring.drain(node, now);
    return { takesMs: ring.pace.drainMs, finish: () => said('') };
  },
  disablebinary: (_ring, node) => {
    node.isBinaryOff = true;
    return { takesMs: NODETOOL_MS, finish: () => said('') };
  },
  enablebinary: (_ring, node) => {
    node.isBinaryOff = false;
    return { takesMs: NODETOOL_MS, finish: () => said('') };
  },
  flush: () => ({ takesMs: 1000, finish: () => said('') }),
  cleanup: (ring, node, now) => {
    const others = ring.nodes.some((other) => ring.isJoining(other, now) || ring.modeOf(other, now) === 'LEAVING');
    if (others) return { takesMs: NODETOOL_MS, finish: () => unsafeCleanup };
    node.cleanupUntil = now + CLEANUP_MS;
    return { takesMs: CLEANUP_MS, finish: () => said(cleanedUp(node, now) ? '' : ABORTED) };
  },
  repair: () => ({ takesMs: 12_000, finish: () => said('Repair completed successfully\n') }),
  rebuild: () => ({ takesMs: 12_000, finish: () => said('') }),
  compact: () => ({ takesMs: 5000, finish: () => said('') }),
  upgradesstables: () => ({ takesMs: 5000, finish: () => said('') }),
  stop: (_ring, node, now) => {
    node.cleanupUntil = Math.min(node.cleanupUntil, now);
    for (const job of node.jobs.values()) if (job.command === 'cleanup') job.endsAt = Math.min(job.endsAt, now + 1000);
    return { takesMs: NODETOOL_MS, finish: () => said('') };
  },
  decommission: (ring, node, now) => {
    const left = ring.nodes.filter((other) => other !== node && !ring.hasLeft(other, now)).length;
    const wide = ring.plan.keyspaces.find(({ replication }) => replication > left);
    if (wide !== undefined)
      return { takesMs: NODETOOL_MS, finish: () => tooFew(wide.name, wide.replication, left + 1) };
    ring.decommission(node, now);
    return { takesMs: ring.pace.leaveMs, finish: () => said('') };
  },
};

/** Unless it was stopped, what the node does not own is gone. */
function cleanedUp(node: RingNode, begunAt: number): boolean {
  if (begunAt + CLEANUP_MS > node.cleanupUntil) return false;
  node.loadBytes -= node.unownedBytes;
  node.unownedBytes = 0;
  return true;
}

function removeNode(ring: RingSimulation, node: RingNode, now: number, word: string): RunningCommand {
  const quick = (finish: () => CommandResult): RunningCommand => ({ takesMs: NODETOOL_MS, finish });
  const removed = ring.nodes.find((other) => other.removedBy !== undefined && !ring.hasLeft(other, now));
  if (word === 'status')
    return quick(() =>
      said(
        removed === undefined
          ? 'RemovalStatus: No token removals in process.\n'
          : `RemovalStatus: Removing token (${removed.tokens[0] ?? 0n}). Waiting for replication confirmation from [/${node.address}].\n`,
      ),
    );
  const target = ring.nodes.find(({ hostId }) => hostId === word);
  const view = target && ring.view(node, target, now);
  if (target === undefined || view === undefined) return quick(() => refused('Host ID not found.'));
  if (view.isUp)
    return quick(() =>
      refused(`Node /${view.address} is alive and owns this ID. Use decommission command to remove it from the ring`),
    );
  ring.removeNode(node, target, now);
  return { takesMs: ring.pace.leaveMs, finish: () => said('') };
}

const refused = (text: string): CommandResult => ({
  exitCode: 2,
  stdout: '',
  stderr: `error: ${text}\n-- StackTrace --\njava.lang.UnsupportedOperationException: ${text}\n`,
});

const CLEANUP_MS = 8000;
const ABORTED = 'Aborted cleaning up at least one table in keyspace shop, check server logs for more information.\n';

const unsafeCleanup: CommandResult = {
  exitCode: 2,
  stdout: '',
  stderr:
    'error: Node is involved in cluster membership changes. Not safe to run cleanup.\n-- StackTrace --\njava.lang.RuntimeException\n',
};

function tooFew(keyspace: string, factor: number, nodes: number): CommandResult {
  const text = `Not enough live nodes to maintain replication factor in keyspace ${keyspace} (RF = ${factor}, N = ${nodes}). Perform a forceful decommission to ignore.`;
  return { exitCode: 1, stdout: `nodetool: ${text}\nSee 'nodetool help' or 'nodetool help <command>'.\n`, stderr: '' };
}

const refusedConnection: CommandResult = {
  exitCode: 1,
  stdout: '',
  stderr: "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused'.\n",
};

function unknownCommand(command: string): CommandResult {
  const stdout = `nodetool: Found unexpected parameters: [${command}]\nSee 'nodetool help' or 'nodetool help <command>'.\n`;
  return { exitCode: 1, stdout, stderr: '' };
}
