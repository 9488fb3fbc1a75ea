import { ClusterProblem } from '#core/live/ports.ts';
import type { RunRecord, RunState } from '#core/operations/model.ts';
import type { DrainRun } from '#core/operations/nodeDrain/drainRun.ts';
import { setCordoned } from '#core/operations/nodeDrain/node.ts';
import { WAS_OPEN } from '#core/operations/nodeDrain/steps.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/**
 * Cordons the node and remembers whether it took pods before. A run that ends early lets it take pods again, and only then: pods that
 * have moved stay where they are, and one that found no other node comes back.
 */
export function cordonKind(run: DrainRun): StepKind {
  const { cluster } = run;
  const isCordoned = async (): Promise<boolean> => !(await run.node()).live.isSchedulable;
  return {
    isDone: isCordoned,
    hasActed: isCordoned,
    async prepare() {
      const { isSchedulable, meta } = (await run.node()).live;
      return { [WAS_OPEN]: isSchedulable, resourceVersion: meta.resourceVersion };
    },
    gate: async () => ({ kind: 'yes', evidence: `the node ${(await run.node()).live.meta.name} is there` }),
    async act({ memory }) {
      const node = await run.node();
      const again = { kind: 'again', waitingFor: 'the node to be written by nobody else' } as const;
      // What was remembered of it must still be so, or a cordon of somebody else would be taken back as ours.
      if (node.live.meta.resourceVersion !== memory['resourceVersion']) return again;
      try {
        await setCordoned(cluster, node, true);
        return { kind: 'acted' };
      } catch (error) {
        if (!(error instanceof ClusterProblem)) throw error;
        if (error.kind === 'conflict') return again;
        if (error.kind !== 'forbidden') throw error;
        const reason = `The node cannot be cordoned: ${error.message}`;
        return { kind: 'stop', reason, fix: 'Ask for the right to patch nodes.' };
      }
    },
    async awaited() {
      if (await isCordoned()) return { kind: 'yes', evidence: 'it takes no pods' };
      return { kind: 'wait', waitingFor: 'the node to be cordoned', measure: [], isNear: true };
    },
    finish: async () => [],
    leave: (state, record) => openAgain(run, state, record),
  };
}

async function openAgain(run: DrainRun, { kind }: RunState, { steps }: RunRecord): Promise<readonly string[]> {
  const { name } = run.plan.target;
  const wasOpen = steps.find(({ id }) => id === 'cordon')?.memory[WAS_OPEN] === true;
  if (!wasOpen || (await run.strangeness()) !== undefined) return [];
  const node = await run.node();
  if (node.live.isSchedulable) return [];
  // Everything that was planned has gone; what came meanwhile is for the next plan, and more would come to an open node.
  if (kind === 'stopped' && steps.some(({ id }) => id === 'verify')) return [`${name} stays cordoned`];
  await setCordoned(run.cluster, node, false);
  return [`${name} takes pods again, as before; pods that have moved stay where they are`];
}
