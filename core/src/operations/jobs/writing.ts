import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';

/** A write that may be refused; what got no answer is left open, and the cluster is asked. */
export async function writing(what: string, fix: string, write: () => Promise<unknown>): Promise<ActOutcome> {
  try {
    await write();
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict')
      return { kind: 'again', waitingFor: `what has just changed: ${messageText(error.message)}` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
    return { kind: 'stop', reason: `${what} was refused: ${messageText(error.message)}`, fix };
  }
}
