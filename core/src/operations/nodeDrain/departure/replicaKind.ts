import { hopelessTrouble } from '#core/operations/memberPods.ts';
import type { Answer } from '#core/operations/model.ts';
import { NEEDS } from '#core/operations/nodeDrain/departure/steps.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { untilGone } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/**
 * Evicts one pod of a job that its controller makes again under the same name, and waits until that one runs on another node. A job that
 * has ended makes none: then there is nothing to wait for.
 */
export function replicaKind(run: JobRun): StepKind {
  return {
    async isDone(context) {
      if (await run.leaving(context).present()) return false;
      // Whoever it was, when it was not this run; else the next one goes only when this one is back.
      return context.memory['asked'] !== true || (await back(run, context)).kind === 'yes';
    },
    hasActed: (context) => run.leaving(context).hasActed(),
    prepare: async () => ({ asked: true }),
    async gate(context) {
      const leaving = run.leaving(context);
      if (await leaving.hasActed()) return leaving.gate();
      return (await objection(run, context)) ?? leaving.gate();
    },
    act: (context) => run.leaving(context).evict(),
    async awaited(context) {
      const pod = await run.leaving(context).present();
      return pod ? untilGone(pod, run.clock.now()) : back(run, context);
    },
    finish: async () => [],
  };
}

/** What made the plan take it for a pod that may go must still be so. */
async function objection(run: JobRun, { step }: StepContext): Promise<Answer | undefined> {
  const needs = step.parameters[NEEDS];
  if (needs === 'nothing') return undefined;
  const isMet = needs === 'finished' ? (await run.voice.finished()) !== undefined : await run.voice.isElastic?.();
  if (isMet === true) return undefined;
  const why = needs === 'finished' ? 'its run goes on' : 'its job does not go on without it';
  return {
    kind: 'stop',
    reason: `${step.id} may not go any more: ${why}.`,
    fix: 'Plan it again for what is there now.',
  };
}

async function back(run: JobRun, context: StepContext): Promise<Answer> {
  const { name, uid } = run.leaving(context).id;
  const pod = await run.pod(name);
  const over = await run.voice.over();
  if (over !== undefined) return { kind: 'yes', evidence: `${over}: no other ${name} comes` };
  if (!pod || pod.meta.uid === uid) {
    return { kind: 'wait', waitingFor: `${name} to be made again`, measure: ['absent'], isNear: false };
  }
  if (pod.node === run.nodeName) {
    const reason = `${name} was placed on ${run.nodeName} again.`;
    return { kind: 'stop', reason, fix: 'See what lets it run there, and plan it again.' };
  }
  if (pod.phase === 'Running' && pod.isReady) return { kind: 'yes', evidence: `${name} runs on ${pod.node}` };
  const hopeless = hopelessTrouble(pod, run.clock.now());
  if (hopeless !== undefined) {
    return {
      kind: 'stop',
      reason: `${name}: ${hopeless}.`,
      fix: `Repair ${name}; nothing else is touched until then.`,
    };
  }
  return { kind: 'wait', waitingFor: `${name} to run`, measure: [pod.phase, pod.node], isNear: pod.node !== '' };
}
