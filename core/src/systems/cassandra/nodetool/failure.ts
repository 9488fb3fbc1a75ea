import { linesOf, oneLine } from '#core/systems/cassandra/nodetool/text.ts';

/** What one command of nodetool left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why a command of nodetool did not answer. */
export interface CommandFailure {
  readonly kind:
    /** Nothing listens on the JMX port: the node is starting, stopping or gone. */
    | 'unreachable'
    /** JMX wants a user and a password. */
    | 'login'
    /** It took too long and was stopped. */
    | 'timeout'
    /** This version has no such command, or refuses it. */
    | 'refused'
    /** The node itself failed at it. */
    | 'server';
  /** What nodetool says, on one line; untrusted. */
  readonly text: string;
}

/** Of `timeout`: stopped by it, and killed because it did not end. */
const STOPPED = [124, 137];

/** Without a login; with one that a password file does not have; with one that Cassandra's own roles do not have. */
const LOGIN =
  /Authentication failed|Credentials required|FailedLoginException|Invalid (?:username or password|credentials)/i;

/** Undefined for a command that ended well. Refusals are written to stdout and end with 1, failures of the node to stderr and end with 2. */
export function failureOf({ exitCode, stdout, stderr }: CommandResult): CommandFailure | undefined {
  if (exitCode === 0) return undefined;
  const text = saidLine(stderr) || saidLine(stdout) || `nodetool ended with ${exitCode}`;
  if (STOPPED.includes(exitCode)) return { kind: 'timeout', text: 'nodetool took too long' };
  if (LOGIN.test(stderr + stdout)) {
    return { kind: 'login', text };
  }
  if (/Failed to connect to/.test(stderr)) return { kind: 'unreachable', text };
  return { kind: exitCode === 2 ? 'server' : 'refused', text };
}

/** The line with the message; notices of the Java machine come before it. */
function saidLine(text: string): string {
  const lines = linesOf(text)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:Picked up |WARN|WARNING|OpenJDK )/.test(line));
  const said = lines.find((line) => /^(?:nodetool|error|Error): /.test(line)) ?? lines[0] ?? '';
  return oneLine(said.replace(/^(?:nodetool|error|Error): /, '')).slice(0, 300);
}
