import { isObject, type JsonObject } from '#core/json.ts';
import type { Cluster } from '#core/live/ports.ts';
import { isPatched } from '#core/operations/jobs/mergePatch.ts';
import { refusal } from '#core/operations/jobs/planJob.ts';
import type { OperationTarget, Precondition } from '#core/operations/model.ts';
import { addressOf } from '#core/operations/operated/resource.ts';

/** What the server would make of a patch: it checks, asks its webhooks, and keeps nothing. */
export interface Trial {
  /** Undefined when it is refused. */
  readonly result: JsonObject | undefined;
  readonly check: Precondition;
}

/** Fields that a definition does not know are dropped without a word; what comes back tells. @throws ClusterProblem when the server cannot be asked */
export async function tryPatch(
  cluster: Cluster,
  { anchor, namespace }: OperationTarget,
  patch: JsonObject,
): Promise<Trial> {
  const id = { id: 'accepted', title: 'The server would take the change' };
  try {
    const metadata = isObject(patch['metadata']) ? patch['metadata'] : {};
    const sent = { ...patch, metadata: { ...metadata, uid: anchor.uid } };
    const result = await cluster.mergePatch(addressOf(anchor, namespace), sent, { dryRun: true });
    const isKept = isPatched(result, patch);
    if (isKept) return { result, check: { ...id, state: 'holds', evidence: ['Tried without effect'] } };
    return {
      result,
      check: {
        ...id,
        state: 'warns',
        evidence: [
          'The server keeps something else than what is sent: a field that its definition does not know, or a default of a webhook',
        ],
        fix: 'The fields below are what would be kept.',
      },
    };
  } catch (error) {
    return { result: undefined, check: refusal(id, error) };
  }
}
