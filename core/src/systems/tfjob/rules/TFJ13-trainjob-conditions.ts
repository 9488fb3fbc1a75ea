import { checkDns1035Label, checkDnsSubdomain } from '#core/kubernetes/names.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { TRAINJOB } from '#core/systems/tfjob/rules/trainJob.ts';

const CONTROLLERS = ['trainer.kubeflow.org/trainjob-controller', 'kueue.x-k8s.io/multikueue'];
const STORAGE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/.+$/;

export const trainjobConditions: ObjectRule = {
  id: 'TFJ13',
  title: 'A TrainJob does not meet a condition of its schema',
  severity: 'error',
  source: 'trainer 2.3 x-kubernetes-validations of the TrainJob CRD',
  fixable: false,
  refusedBy: 'server',
  why: `The schema of the TrainJob says some things in conditions rather than in types: its name must be fit for Services, data and models are
named by a URI with a scheme, and there are two controllers that may manage it.`,
  subject: 'object',
  kinds: [TRAINJOB],
  check: ({ metadata, spec }, report) => {
    const name = metadata.field('name');
    const problem =
      name.text === undefined || checkDnsSubdomain(name.text) !== undefined ? undefined : checkDns1035Label(name.text);
    if (problem !== undefined) {
      report({
        at: name,
        path: '<nil>',
        cause: 'invalid',
        message: `The name ${quoteText(name.text ?? '')} ${problem}.`,
      });
    }
    for (const view of ['dataset', 'model'].map((part) => spec.at('initializer', part, 'storageUri'))) {
      const { text } = view;
      if (text === undefined || text === '' || STORAGE_URI.test(text)) continue;
      report({
        at: view,
        cause: 'invalid',
        message: `${quoteText(text)} is no URI with a scheme such as s3://bucket/path.`,
      });
    }
    const manager = spec.field('managedBy');
    if (manager.text === undefined || CONTROLLERS.includes(manager.text)) return;
    report({
      at: manager,
      cause: 'invalid',
      message: `${quoteText(manager.text)} manages no TrainJobs; ${listNames(CONTROLLERS, 'and')} do.`,
    });
  },
};
