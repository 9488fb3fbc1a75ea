import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { jobSpec, JOBS, setting } from '#core/systems/spark/rules/job.ts';

export const lifecycle: ObjectRule = {
  id: 'SPK22',
  title: 'A lifecycle of your own takes the place of the decommissioning hook',
  severity: 'warning',
  source: 'spark-operator 2.5.2 addPodLifeCycleConfig; Apache Spark 4.0 BasicExecutorFeatureStep',
  fixable: false,
  refusedBy: 'nobody',
  why: `With \`spark.decommission.enabled\` Spark gives executors a preStop hook that moves their blocks away before a node is drained. The field
lifecycle replaces the whole lifecycle of the container, that hook included, so draining loses the blocks after all. Call the decommission
script from your own hook, or leave lifecycle out.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const view = jobSpec(object).at('executor', 'lifecycle');
    const enabled = setting(object, 'spark.decommission.enabled');
    if (!view.isPresent || view.isOpen || enabled.text !== 'true') return;
    const words = view
      .at('preStop', 'exec', 'command')
      .items.map(({ content }) => (content?.kind === 'scalar' ? content.text : ''));
    if (words.some((word) => /decom/i.test(word))) return;
    report({
      at: view,
      cause: 'invalid',
      message:
        'This lifecycle replaces the preStop hook that Spark adds for decommissioning, so executors on a drained node lose their blocks.',
      related: [{ at: enabled, message: 'Decommissioning is on' }],
    });
  },
};
