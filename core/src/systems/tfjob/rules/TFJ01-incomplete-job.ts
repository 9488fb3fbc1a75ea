import { checkDns1035Label, checkDnsSubdomain } from '#core/kubernetes/names.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { isCurrent, replicasOf, TFJOB, type ReplicaView } from '#core/systems/tfjob/rules/replicas.ts';

const REFUSAL = 'The webhook of the Kubeflow Training Operator refuses the TFJob';

export const incompleteJob: ObjectRule = {
  id: 'TFJ01',
  title: 'The job has an impossible name, a role without containers or a container without image',
  severity: 'error',
  source: 'training-operator 1.9 validateTFJob, validateTFReplicaSpecs',
  fixable: false,
  refusedBy: 'nobody',
  why: `The operator makes a pod and a Service for every replica and names both after the job, so the name must be fit for a Service: letters,
digits and "-", a letter first. Every role needs containers, and every container its image; the schema asks for neither.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    const name = object.metadata.field('name');
    if (isCurrent(object) && name.text !== undefined && checkDnsSubdomain(name.text) === undefined) {
      const problem = checkDns1035Label(name.text);
      if (problem !== undefined) {
        report({ at: name, cause: 'invalid', message: `The name ${quoteText(name.text)} ${problem}. ${REFUSAL}.` });
      }
    }
    for (const replica of replicasOf(object)) checkReplica(replica, report);
  },
};

function checkReplica({ key, view, pod }: ReplicaView, report: Report): void {
  const containers = pod.field('containers');
  const isEmpty = containers.content?.kind === 'sequence' && containers.items.length === 0 && !containers.isOpen;
  if (isEmpty || containers.isAbsent) {
    report({
      at: containers.isPresent ? containers : view,
      path: containers.path,
      cause: 'required',
      message: `The role ${quoteText(key)} has no containers. ${REFUSAL}.`,
    });
  }
  for (const container of containers.items) {
    const image = container.field('image');
    if (container.content?.kind !== 'map' || !(image.isAbsent || image.text === '')) continue;
    report({
      at: image.isPresent ? image : container,
      path: image.path,
      cause: 'required',
      message: `This container of the role ${quoteText(key)} has no image. ${REFUSAL}.`,
    });
  }
}
