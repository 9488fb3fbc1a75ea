import { textsOf } from '#core/json.ts';
import type { Answer } from '#core/operations/model.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { hasEnded, untilGone } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/**
 * Evicts one pod whose end may be the end of the run, and waits until it is gone, and with it the pods on the node that end because it
 * has. Nothing is done unless the wish, which the plan keeps, says that such pods are evicted.
 */
export function decisiveKind(run: JobRun): StepKind {
  return {
    async isDone(context) {
      return (await remaining(run, context)).kind === 'yes';
    },
    hasActed: (context) => run.leaving(context).hasActed(),
    prepare: async () => ({}),
    async gate(context) {
      return run.isAgreed ? run.leaving(context).gate() : { kind: 'stop', ...disagreed(context) };
    },
    async act(context) {
      return run.isAgreed ? run.leaving(context).evict() : { kind: 'stop', ...disagreed(context) };
    },
    awaited: (context) => remaining(run, context),
    async finish() {
      const state = await run.voice.state();
      return state === undefined ? [] : [state];
    },
  };
}

const disagreed = ({ step }: StepContext): { readonly reason: string; readonly fix: string } => ({
  reason: `Nobody has agreed that ${step.id} is evicted.`,
  fix: 'Plan it again, and say what is to be done with pods whose end may be the end of the run.',
});

async function remaining(run: JobRun, context: StepContext): Promise<Answer> {
  const pod = await run.leaving(context).present();
  if (pod) return untilGone(pod, run.clock.now());
  const followers = await Promise.all(textsOf(context.step.parameters['followers']).map((name) => run.pod(name)));
  const left = followers.filter((one) => one?.node === run.nodeName && !hasEnded(one));
  if (left.length === 0) return { kind: 'yes', evidence: 'the pod is gone' };
  const names = left.map((one) => one?.meta.name ?? '').join(', ');
  return { kind: 'wait', waitingFor: `${names} to end with it`, measure: [left.length], isNear: true };
}
