import { parseQuantity } from '#core/kubernetes/quantity.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { hasNoSetting, JOBS, rolesOf, type SparkRole } from '#core/systems/spark/rules/job.ts';

export const cores: ObjectRule = {
  id: 'SPK09',
  title: 'A pod asks for more processor time than its limit, or for no amount at all',
  severity: 'error',
  source:
    'Apache Spark 4.0 BasicDriverFeatureStep, BasicExecutorFeatureStep; k8s.io/kubernetes ValidateResourceRequirements',
  fixable: false,
  refusedBy: 'nobody',
  why: `\`cores\` is how many tasks run at a time and, without \`coreRequest\`, also what the pod asks for. \`coreLimit\` is the limit of the
container. A request above the limit is refused by the API server for every pod, so the application hangs with nothing running.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    for (const role of rolesOf(object)) {
      const limit = role.view.field('coreLimit');
      const asked = role.view.field('coreRequest');
      const wrong = [asked, limit].filter(isNoQuantity);
      for (const view of wrong) {
        report({
          at: view,
          cause: 'invalid',
          message: `${quoteText(view.text ?? '')} is no amount of processor time such as 500m or 2. Spark cannot make the pod of the ${role.name}.`,
        });
      }
      const request = wrong.length > 0 ? undefined : requestOf(object, role);
      const { quantity } = limit;
      if (request === undefined || quantity === undefined || quantity >= request.amount) continue;
      report({
        at: limit,
        cause: 'invalid',
        message: `The limit of ${limit.text} is below the ${request.words}. The API server refuses pods whose request is above their limit, so the ${role.name} never starts.`,
      });
    }
  },
};

function isNoQuantity({ text }: NodeView): boolean {
  return text !== undefined && text !== '' && parseQuantity(text) === undefined;
}

interface Request {
  readonly amount: number;
  readonly words: string;
}

/** What the pod asks for: coreRequest, else as many processors as it has cores; undefined where settings may say otherwise. */
function requestOf(object: ObjectView, { name, view }: SparkRole): Request | undefined {
  const own = view.field('coreRequest');
  if (own.isPresent)
    return own.quantity === undefined ? undefined : { amount: own.quantity, words: `coreRequest of ${own.text}` };
  if (!own.isAbsent || !hasNoSetting(object, new RegExp(`${name}\\.(?:request\\.)?cores$`))) return undefined;
  const { integer, isPresent } = view.field('cores');
  const amount = isPresent ? integer : 1;
  return amount === undefined
    ? undefined
    : { amount, words: `${amount} ${amount === 1 ? 'core' : 'cores'} that it asks for` };
}
