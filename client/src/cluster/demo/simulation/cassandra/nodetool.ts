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
  cleanup: (_ring, node, now) => {
    node.cleanupUntil = now + 8000;
    return { takesMs: 8000, finish: () => said('') };
  },
};

const refusedConnection: CommandResult = {
  exitCode: 1,
  stdout: '',
  stderr: "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused'.\n",
};

function unknownCommand(command: string): CommandResult {
  const stdout = `nodetool: Found unexpected parameters: [${command}]\nSee 'nodetool help' or 'nodetool help <command>'.\n`;
  return { exitCode: 1, stdout, stderr: '' };
}
