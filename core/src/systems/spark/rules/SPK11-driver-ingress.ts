import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';

export const driverIngress: ObjectRule = {
  id: 'SPK11',
  title: 'Two ingresses of the driver share a port or a URL, or one has no URL',
  severity: 'error',
  source: 'spark-operator 2.5.2 SparkApplicationValidator.validateSpec',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every entry of driverIngressOptions becomes a Service and an Ingress of its own, so its port and the format of its URL must differ from
those of the others, and there must be one.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const options = jobSpec(object).field('driverIngressOptions').items;
    reportRepeats(
      options.map((option) => option.field('servicePort')),
      'port',
      report,
    );
    const formats = options.map((option) => option.field('ingressURLFormat'));
    reportRepeats(formats, 'URL format', report);
    for (const [index, format] of formats.entries()) {
      if (!format.isAbsent && format.text !== '') continue;
      report({
        at: format.isPresent ? format : (options[index] ?? format),
        path: format.path,
        cause: 'required',
        message:
          'This ingress of the driver has no ingressURLFormat. The webhook of the Kubeflow Spark Operator refuses the application.',
      });
    }
  },
};

function reportRepeats(views: readonly NodeView[], what: string, report: Report): void {
  const first = new Map<string, NodeView>();
  for (const view of views) {
    const written = view.content?.kind === 'scalar' ? view.content.text : '';
    const earlier = first.get(written);
    if (written === '') continue;
    if (!earlier) first.set(written, view);
    else {
      report({
        at: view,
        cause: 'duplicate',
        message: `The ${what} ${written} stands twice in driverIngressOptions. The webhook of the Kubeflow Spark Operator refuses the application.`,
        related: [{ at: earlier, message: 'It stands here first' }],
      });
    }
  }
}
