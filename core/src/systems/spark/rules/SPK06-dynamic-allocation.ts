import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { APACHE_APPLICATION, CONNECT, hasNoSetting, jobSpec, JOBS, setting } from '#core/systems/spark/rules/job.ts';

interface Bounds {
  readonly min: NodeView;
  readonly initial: NodeView;
  readonly max: NodeView;
  readonly read: (view: NodeView) => number | undefined;
}

export const dynamicAllocation: ObjectRule = {
  id: 'SPK06',
  title: 'The bounds of dynamic allocation contradict each other',
  severity: 'error',
  source: 'Apache Spark 4.0 ExecutorAllocationManager.validateSettings; spark-operator 2.5.2 validateDynamicAllocation',
  fixable: false,
  refusedBy: 'nobody',
  why: `Spark starts with the initial number of executors and stays between minimum and maximum. A driver whose minimum is above its maximum
ends at once; for a SparkConnect the operator refuses it. Executors can only be given up if somebody keeps their shuffle data: shuffle
tracking, an external shuffle service, or blocks that move at decommissioning.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT, APACHE_APPLICATION],
  check: (object, report) => {
    const own = jobSpec(object).field('dynamicAllocation');
    if (own.field('enabled').boolean === true) {
      checkBounds(fieldBounds(own), object, report);
      checkInstances(object, own, report);
      checkShuffle(object, own, report);
    } else if (setting(object, 'spark.dynamicAllocation.enabled').text === 'true') {
      checkBounds(settingBounds(object), object, report);
    }
  },
};

function fieldBounds(own: NodeView): Bounds {
  const [min, initial, max] = [own.field('minExecutors'), own.field('initialExecutors'), own.field('maxExecutors')];
  return { min, initial, max, read: (view) => view.integer };
}

function settingBounds(object: ObjectView): Bounds {
  const view = (name: string): NodeView => setting(object, `spark.dynamicAllocation.${name}Executors`);
  return {
    min: view('min'),
    initial: view('initial'),
    max: view('max'),
    read: ({ text }) => (text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined),
  };
}

function checkBounds({ min, initial, max, read }: Bounds, { groupKind }: ObjectView, report: Report): void {
  const isConnect = groupKind === CONNECT;
  const effect = isConnect
    ? 'The webhook of the Kubeflow Spark Operator refuses the SparkConnect'
    : 'The driver ends at its start';
  const negative = [min, max].find((view) => (read(view) ?? 0) < 0);
  const [least, start, most] = [read(min), read(initial), read(max)];
  if (negative) {
    report({ at: negative, cause: 'invalid', message: `A number of executors cannot be negative. ${effect}.` });
  } else if (least !== undefined && most !== undefined && least > most) {
    report({
      at: min,
      cause: 'invalid',
      message: `The minimum of ${least} executors is above the maximum of ${most}. ${effect}.`,
      related: [{ at: max, message: 'The maximum' }],
    });
  } else if (start !== undefined && (start < (least ?? 0) || start > (most ?? Infinity))) {
    const bound = start < (least ?? 0) ? `below the minimum of ${least ?? 0}` : `above the maximum of ${most}`;
    report({
      at: initial,
      cause: 'invalid',
      severity: isConnect ? 'error' : 'warning',
      message: `An initial number of ${start} executors is ${bound}. ${isConnect ? effect : 'Spark cannot keep to both'}.`,
    });
  }
}

/** The operator begins with the larger of both numbers. */
function checkInstances(object: ObjectView, own: NodeView, report: Report): void {
  if (object.groupKind === CONNECT) return;
  const view = jobSpec(object).at('executor', 'instances');
  const count = view.content ? view.integer : undefined;
  const most = own.field('maxExecutors').integer;
  const planned = own.field('initialExecutors').integer ?? own.field('minExecutors').integer ?? 0;
  if (count === undefined || count <= planned) return;
  const isAbove = most !== undefined && count > most;
  report({
    at: view,
    cause: 'invalid',
    severity: isAbove ? 'warning' : 'hint',
    message: isAbove
      ? `With dynamic allocation this is the number to begin with, and ${count} is above the maximum of ${most}.`
      : `With dynamic allocation this is only the number to begin with: ${count} instead of ${planned}. Say it as initialExecutors.`,
  });
}

function checkShuffle(object: ObjectView, own: NodeView, report: Report): void {
  const view = own.field('shuffleTrackingEnabled');
  const keepers = /^spark\.(?:shuffle\.|dynamicAllocation\.shuffleTracking|.*decommission|plugins)/;
  if (view.content === undefined || view.boolean !== false || !hasNoSetting(object, keepers)) return;
  report({
    at: view,
    cause: 'invalid',
    severity: 'warning',
    message:
      'Shuffle tracking is off, and no setting names another keeper of shuffle data. Spark then refuses dynamic allocation, and the driver ends.',
  });
}
