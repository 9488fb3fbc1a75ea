import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { CONNECT, jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';

const BY_OPERATOR = 'the operator sets it itself';
const BY_IMAGE = 'the field image takes its place';
const BY_ACCOUNT = 'the field serviceAccount takes its place';

const OAUTH = ['', '.driver', '.executor'].flatMap((role) =>
  ['oauthToken', 'oauthTokenFile'].map((end) => `spark.kubernetes.authenticate${role}.${end}`),
);

const DENIED: ReadonlyMap<string, string> = new Map([
  ['spark.master', BY_OPERATOR],
  ['spark.kubernetes.driver.master', BY_OPERATOR],
  ['spark.kubernetes.container.image', BY_IMAGE],
  ['spark.kubernetes.driver.container.image', BY_IMAGE],
  ['spark.kubernetes.executor.container.image', BY_IMAGE],
  ['spark.kubernetes.authenticate.driver.serviceAccountName', BY_ACCOUNT],
  ['spark.kubernetes.authenticate.executor.serviceAccountName', BY_ACCOUNT],
  ...OAUTH.map((key): [string, string] => [key, BY_OPERATOR]),
]);

const NAMESPACE = 'spark.kubernetes.namespace';

export const deniedSettings: ObjectRule = {
  id: 'SPK05',
  title: 'sparkConf holds a setting that belongs to the operator',
  severity: 'error',
  source: 'spark-operator 2.5.2 validateSparkConf',
  fixable: false,
  refusedBy: 'nobody',
  why: `Where Spark runs, with which image and as whom is decided by fields of the object, so that whoever may create applications cannot
reach beyond them. Since 2.5 the operator refuses the settings that would go around these fields.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT],
  check: (object, report) => {
    for (const view of jobSpec(object).field('sparkConf').fields) {
      const key = String(view.step);
      const reason =
        DENIED.get(key) ??
        (key === NAMESPACE ? otherNamespace(view.text, object.metadata.field('namespace').text) : undefined);
      if (reason === undefined) continue;
      report({
        at: view,
        cause: 'forbidden',
        message: `${quoteText(key)} must not stand in sparkConf: ${reason}. The webhook of the Kubeflow Spark Operator refuses the ${object.kind.kind}.`,
      });
    }
  },
};

/** Without a namespace in the file nobody knows yet where the object goes. */
function otherNamespace(wanted: string | undefined, own: string | undefined): string | undefined {
  if (wanted === undefined || own === undefined || wanted === own) return undefined;
  return `it is ${quoteText(wanted)}, and the object is in the namespace ${quoteText(own)}`;
}
