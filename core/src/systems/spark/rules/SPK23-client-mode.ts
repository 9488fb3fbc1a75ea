import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { APACHE_APPLICATION } from '#core/systems/spark/rules/job.ts';

export const clientMode: ObjectRule = {
  id: 'SPK23',
  title: 'The Apache Spark K8s Operator does not run applications in client mode',
  severity: 'error',
  source: 'apache/spark-kubernetes-operator 1.0.0 application reconciler',
  fixable: false,
  refusedBy: 'nobody',
  why: `The schema knows ClientMode, but the operator submits to the cluster only and moves an application in client mode to Failed. Leave
deploymentMode out, or say ClusterMode.`,
  subject: 'object',
  kinds: [APACHE_APPLICATION],
  check: ({ spec }, report) => {
    const view = spec.field('deploymentMode');
    if (view.text !== 'ClientMode') return;
    report({
      at: view,
      cause: 'unsupported',
      message: 'The Apache Spark K8s Operator runs ClusterMode only and moves this application to Failed.',
    });
  },
};
