import { rewriteFix } from '#core/migrate/rewriteFix.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Fix } from '#core/lint/finding.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { countMisfits } from '#core/lint/structure/misfits.ts';
import { JOBS } from '#core/systems/spark/rules/job.ts';

const GROUP = 'sparkoperator.k8s.io';
const REMOVED = ['v1alpha1', 'v1beta1'].map((version) => `${GROUP}/${version}`);
const CURRENT = `${GROUP}/v1beta2`;

export const removedVersion: ObjectRule = {
  id: 'SPK13',
  title: 'The version of the API is gone',
  severity: 'error',
  source: 'spark-operator CRDs: v1beta2 is the only version of SparkApplication since 2019',
  fixable: true,
  refusedBy: 'server',
  why: `The operator serves applications as v1beta2 only. Most manifests need nothing but the new apiVersion; where they do (the restart policy was
one word in v1alpha1), the findings after the change say what.`,
  subject: 'object',
  kinds: JOBS,
  anyVersion: true,
  check: (object, report) => {
    const view = object.root.field('apiVersion');
    const { text } = view;
    if (object.isVersionKnown || text === undefined || !REMOVED.includes(text)) return;
    report({
      at: view,
      cause: 'unsupported',
      message: `${text} is served by no Spark operator any more; ${object.kind.kind} is served as ${CURRENT}.`,
      fixes: () => changeVersion(object, view),
    });
  },
};

/** Right without further thought only when the rest is good in the new version. */
function changeVersion({ spec, root, text, catalog }: ObjectView, { content }: NodeView): readonly Fix[] {
  if (content?.kind !== 'scalar') return [];
  const fits = spec.schema !== undefined && countMisfits(spec.written, spec.schema, 'custom', 'whole') === 0;
  if (fits) return [replaceScalar(content, CURRENT, `Change to ${CURRENT}`)];
  return root.path === '' ? rewriteFix(text, catalog) : [];
}
