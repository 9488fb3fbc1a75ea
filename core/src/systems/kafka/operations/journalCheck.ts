import type { Precondition } from '#core/operations/model.ts';

/** Without journal and lock a run is possible after consent; see core/src/operations/carryOut.ts, which looks for this id. */
export function journalCheck(missingRights: readonly string[]): Precondition {
  const id = { id: 'journal', title: 'The run can be written down and locked beside the workload' };
  if (missingRights.length === 0) return { ...id, state: 'holds', evidence: ['ConfigMap and Lease may be written'] };
  return {
    ...id,
    state: 'consent',
    evidence: missingRights,
    fix: 'Without them the run cannot be resumed from another machine, and nothing keeps a second one away. Ask for the rights.',
  };
}
