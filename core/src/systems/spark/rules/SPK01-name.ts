import { checkDns1035Label, checkDnsSubdomain } from '#core/kubernetes/names.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { CONNECT, JOBS } from '#core/systems/spark/rules/job.ts';

/** What is left of 63 characters when the operator has made `<name>-server` of it. */
const CONNECT_LIMIT = 56;

export const name: ObjectRule = {
  id: 'SPK01',
  title: 'The name does not fit the Services that are named after it',
  severity: 'error',
  source: 'spark-operator 2.5.2 SparkApplicationValidator.validateName, SparkConnectValidator.validateName',
  fixable: false,
  refusedBy: 'nobody',
  why: `The operator names Services after the object, and the name of a Service is stricter than that of most objects: it begins with a letter,
has no dots and at most 63 characters. A SparkConnect has 56, because its Service is called \`<name>-server\`.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT],
  check: ({ groupKind, metadata, kind }, report) => {
    const view = metadata.field('name');
    const { text } = view;
    if (text === undefined || checkDnsSubdomain(text) !== undefined) return;
    const problem = checkDns1035Label(text) ?? (groupKind === CONNECT ? tooLongForServer(text) : undefined);
    if (problem === undefined) return;
    report({
      at: view,
      cause: 'invalid',
      message: `The name ${quoteText(text)} ${problem}. Services are named after it, so the webhook of the Kubeflow Spark Operator refuses the ${kind.kind}.`,
    });
  },
};

function tooLongForServer(text: string): string | undefined {
  return text.length > CONNECT_LIMIT
    ? `has ${text.length} characters; at most ${CONNECT_LIMIT} are allowed, because "-server" is added`
    : undefined;
}
