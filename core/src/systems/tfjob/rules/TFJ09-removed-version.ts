import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { Fix } from '#core/lint/finding.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { rewriteFix } from '#core/migrate/rewriteFix.ts';
import { rewriteList, rewriteMap } from '#core/systems/tfjob/rules/rewriteJob.ts';
import { TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

const REMOVED = ['v1alpha1', 'v1alpha2', 'v1beta1', 'v1beta2'];

export const removedVersion: ObjectRule = {
  id: 'TFJ09',
  title: 'The version of the API is gone',
  severity: 'error',
  source: 'tf-operator 0.1 to 1.1 CRDs; training-operator 1.9 serves kubeflow.org/v1 only',
  fixable: true,
  refusedBy: 'server',
  why: `Only kubeflow.org/v1 is left. v1alpha1 kept its replicas in a list, replicaSpecs; v1alpha2, v1beta1 and v1beta2 had today's map but the
policies directly under spec, and their cleanPodPolicy was Running when nothing was said, where it is None today. The quick fix rewrites what
has an exact equivalent; otherwise it is not part of fix-all, and says in comments what is left.`,
  subject: 'object',
  kinds: [TFJOB],
  anyVersion: true,
  check: (object, report) => {
    const view = object.root.field('apiVersion');
    const version = view.text?.split('/')[1];
    const isOurs = !object.isVersionKnown || object.kind.origin === 'bundled';
    if (version === undefined || !isOurs || !REMOVED.includes(version)) return;
    report({
      at: view,
      cause: 'unsupported',
      message: `${view.text} is served by no operator any more; TFJob is served as kubeflow.org/v1.`,
      fixes: () => rewrite(object, version === 'v1alpha1' ? rewriteList(object) : rewriteMap(object)),
    });
  },
};

/** What is exact needs no thought; the rest is offered as it can be said, with comments. */
function rewrite({ root, text, catalog }: ObjectView, exact: readonly Fix[]): readonly Fix[] {
  return exact.length > 0 || root.path !== '' ? exact : rewriteFix(text, catalog);
}
