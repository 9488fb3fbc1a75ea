import { compareMinors } from '#core/kubernetes/versions.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { ENDED_PROJECTS, type EndedProject } from '#core/migrate/ended.ts';
import { rewriteFix } from '#core/migrate/rewriteFix.ts';

/** What shows that a ConfigMap is a topic of nbogojevic/kafka-operator. */
const TOPIC_KEYS = ['partitions', 'replication-factor', 'properties', 'acl'];

export const endedOperator: ObjectRule = {
  id: 'MIG02',
  title: 'The operator of this kind has ended',
  severity: 'hint',
  source:
    'the repositories of the projects; removal of apps/v1beta1 in Kubernetes 1.16 and of apiextensions.k8s.io/v1beta1 in 1.22',
  fixable: true,
  refusedBy: 'nobody',
  why: `Nobody mends an operator that has ended, and most of those of 2018 use API versions that Kubernetes has removed, so they do not even start: then
this is a warning. The data outlives them, and so do the manifests. The quick fix does what \`data-clusters migrate\` does: it writes the
manifests of the operator that took its place, and says in comments what has no equivalent and what a person has to do.`,
  subject: 'object',
  kinds: ENDED_PROJECTS.flatMap(({ kinds }) => kinds),
  anyVersion: true,
  check: (object, report) => {
    const project = ENDED_PROJECTS.find(({ kinds }) => kinds.includes(object.groupKind));
    if (!project || !isItsOwn(object)) return;
    const { isDead, message } = describe(project, object.kubernetesVersion);
    const isRoot = object.root.path === '';
    report({
      at: object.root.field('kind'),
      cause: 'unsupported',
      message,
      ...(isDead ? { severity: 'warning' } : {}),
      fixes: () => (isRoot ? rewriteFix(object.text, object.catalog) : []),
    });
  },
};

/** Any ConfigMap may carry the label; a topic says something of a topic. */
function isItsOwn({ groupKind, metadata, root }: ObjectView): boolean {
  if (groupKind !== '/ConfigMap') return true;
  const isLabelled = metadata.at('labels', 'config').text === 'kafka-topic';
  return isLabelled && TOPIC_KEYS.some((key) => root.at('data', key).isPresent);
}

function describe(
  { name, end, successor, cannotRun }: EndedProject,
  kubernetesVersion: string,
): { readonly isDead: boolean; readonly message: string } {
  const isDead = cannotRun !== undefined && compareMinors(kubernetesVersion, cannotRun.since) >= 0;
  const why = isDead ? ` It cannot run on Kubernetes ${kubernetesVersion}: ${cannotRun.why}.` : '';
  return { isDead, message: `${name} ${end}; ${successor} takes its place.${why}` };
}
