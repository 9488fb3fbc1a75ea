import { removeEntry, replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { replicasOf, TFJOB, type ReplicaView } from '#core/systems/tfjob/rules/replicas.ts';
import { nearestName } from '#core/text/distance.ts';

const POLICIES = ['Always', 'OnFailure', 'Never', 'ExitCode'];
const DEFAULT_POLICY = 'Never';

export const restartPolicy: ObjectRule = {
  id: 'TFJ06',
  title: 'A restart policy is unknown, or stands where it has no effect',
  severity: 'error',
  source: 'training-operator 1.9 RestartPolicy of ReplicaSpec, setRestartPolicy of the TFJob controller',
  fixable: true,
  refusedBy: 'nobody',
  why: `The restart policy stands beside the replicas, not in the pod, where the operator overwrites it. Without one it is Never. ExitCode decides
by the exit code: 1 to 127 is for good, 128 and above (a lost node, a signal) is tried again.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    for (const replica of replicasOf(object)) {
      checkPolicy(replica, report);
      checkPodPolicy(replica, object, report);
    }
  },
};

function checkPolicy({ view }: ReplicaView, report: Report): void {
  const policy = view.field('restartPolicy');
  const { text, content } = policy;
  if (text === undefined || text === '' || POLICIES.includes(text)) return;
  const near = nearestName(text, POLICIES);
  report({
    at: policy,
    cause: 'unsupported',
    message: `${quoteText(text)} is no restart policy; there are ${listNames(POLICIES, 'and')}. The API server refuses the pods, so none ever starts.`,
    ...(near !== undefined && content?.kind === 'scalar'
      ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
      : {}),
  });
}

function checkPodPolicy({ view, pod }: ReplicaView, { text }: ObjectView, report: Report): void {
  const own = pod.field('restartPolicy');
  const policy = view.field('restartPolicy');
  const effective = policy.isAbsent ? DEFAULT_POLICY : policy.text;
  if (own.text === undefined || effective === undefined || own.text === effective) return;
  const { entry } = own;
  report({
    at: own,
    cause: 'invalid',
    severity: 'warning',
    message: `The operator overwrites the restart policy of the pod with that of the role, which is ${effective}${policy.isAbsent ? ' because none is given' : ''}.`,
    fixes: () => {
      const removal =
        entry && policy.isPresent ? removeEntry(text, entry, 'Remove the policy without effect') : undefined;
      return removal ? [removal] : [];
    },
  });
}
