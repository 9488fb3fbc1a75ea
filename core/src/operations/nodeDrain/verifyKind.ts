import type { Answer } from '#core/operations/model.ts';
import type { DrainRun } from '#core/operations/nodeDrain/drainRun.ts';
import { mayStay, podName, podsOn, type NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/** Looks at what is left once everything has gone that the plan knew of. */
export function verifyKind(run: DrainRun): StepKind {
  const onPurpose = new Set(textsOf(run.plan.parameters['left']));
  const remaining = async (): Promise<readonly NodePod[]> =>
    (await podsOn(run.cluster, run.nodeName)).filter((pod) => !mayStay(pod) && !onPurpose.has(podName(pod)));
  return {
    // Looking costs nothing, and a run that somebody wants to end is not done by itself.
    isDone: async () => false,
    hasActed: async () => true,
    prepare: async () => ({}),
    gate: async () => (await run.closed()) ?? { kind: 'yes', evidence: 'everything before is done' },
    act: async () => ({ kind: 'acted' }),
    awaited: async () => (await run.closed()) ?? leftOver(run.nodeName, await remaining()),
    async finish() {
      const left = (await podsOn(run.cluster, run.nodeName)).filter((pod) => !mayStay(pod)).map(podName);
      return [
        left.length === 0 ? `${run.nodeName} is empty` : `Left on ${run.nodeName} on purpose: ${left.join(', ')}`,
        `${run.nodeName} stays cordoned; when it shall take pods again: kubectl uncordon ${run.nodeName}`,
      ];
    },
  };
}

function leftOver(node: string, pods: readonly NodePod[]): Answer {
  if (pods.length === 0) return { kind: 'yes', evidence: `nothing else is on ${node}` };
  const names = pods.map(podName).join(', ');
  const isEnding = pods.every(({ live }) => live.meta.deletedAt !== undefined);
  if (isEnding) return { kind: 'wait', waitingFor: `${names} to end`, measure: [pods.length], isNear: true };
  const reason = `${names} came to ${node} after the plan was made.`;
  return { kind: 'stop', reason, fix: 'Plan the drain again: what is done already is not done twice.' };
}

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
