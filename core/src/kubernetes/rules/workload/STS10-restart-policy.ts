import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Fix } from '#core/lint/finding.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames } from '#core/lint/structure/describe.ts';

const ALWAYS = ['Always'];
const AT_AN_END = ['OnFailure', 'Never'];

/** What the pods of a kind may do when a container ends; confirmed against kube-apiserver 1.34.4. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'apps/StatefulSet': ALWAYS,
  'apps/Deployment': ALWAYS,
  'apps/DaemonSet': ALWAYS,
  'apps/ReplicaSet': ALWAYS,
  '/ReplicationController': ALWAYS,
  'batch/Job': AT_AN_END,
  'batch/CronJob': AT_AN_END,
};

export const restartPolicy: ObjectRule = {
  id: 'STS10',
  title: 'The restartPolicy is one that the workload cannot have',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation and pkg/apis/batch/validation, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Pods that are to run for ever are restarted always; pods of a Job are to end, so they are restarted OnFailure or Never. A pod template
that says nothing means Always, which no Job can have.`,
  subject: 'object',
  kinds: Object.keys(ALLOWED),
  check: (object, report) => {
    const view = viewPod(object)?.spec.field('restartPolicy');
    const allowed = ALLOWED[object.groupKind] ?? [];
    if (!view?.parent?.isPresent || view.text === undefined) return;
    const text = view.text === '' ? 'Always' : view.text;
    if (allowed.includes(text) || ![...ALWAYS, ...AT_AN_END].includes(text)) return;
    const what = view.isPresent ? `The restartPolicy is ${text}` : 'There is no restartPolicy, which means Always';
    report({
      at: view,
      cause: text === 'Always' ? 'required' : 'unsupported',
      message: `${what}; the pods of a ${object.kind.kind} must have ${listNames(allowed)}.`,
      fixes: () => replacements(view, allowed),
    });
  },
};

function replacements({ content }: NodeView, allowed: readonly string[]): readonly Fix[] {
  if (content?.kind !== 'scalar') return [];
  return allowed.map((policy) => ({ ...replaceScalar(content, policy, `Change to ${policy}`), preferred: false }));
}
