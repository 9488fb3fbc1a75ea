import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { RunControl } from '#core/operations/run.ts';
import type { Terminal } from '#server/cli/terminal.ts';

/** Who runs it: user, machine and something that no other run has. */
export function runnerName(): string {
  return `${userName()}@${hostname()} (${randomUUID().slice(0, 8)})`;
}

/** A container may run under a number that nobody has given a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

/** The first interruption ends it between two members, the next one leaves at once. */
export function interruptible(terminal: Terminal, isTalking: boolean): RunControl {
  const control: { wish: RunControl['wish'] } = { wish: 'run' };
  const interrupted = (): void => {
    control.wish = control.wish === 'run' ? 'cancel' : 'detach';
    if (isTalking) terminal.err(control.wish === 'cancel' ? CANCELLING : DETACHING);
    terminal.onInterrupt(interrupted);
  };
  terminal.onInterrupt(interrupted);
  return control;
}

const CANCELLING =
  'Stopping before the next member; the one that is out is awaited. Interrupt again to leave at once.\n';
const DETACHING = 'Leaving. The journal in the cluster says how far it came; `data-clusters resume` goes on with it.\n';
