import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { CONNECT, JOBS, jobSpec, hasNoSetting, rolesOf, type SparkRole } from '#core/systems/spark/rules/job.ts';

export const image: ObjectRule = {
  id: 'SPK03',
  title: 'Pods have no image, or one of another Spark version',
  severity: 'error',
  source: 'spark-operator 2.5.2 SparkConnectValidator.validateImage; Apache Spark 4.0 BasicDriverFeatureStep',
  fixable: false,
  refusedBy: 'nobody',
  why: `The image of the spec is for all pods; without it driver and executors must each have their own. The image also brings its own Spark,
and a driver and executors of another version than \`sparkVersion\` says are submitted with options they may not know. An application without
any image is left alone, because the defaults of the operator may name one.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT],
  check: (object, report) => {
    const spec = jobSpec(object);
    checkVersion(spec, report);
    if (!spec.field('image').isAbsent || !hasNoSetting(object, /container\.image$/)) return;
    const roles = rolesOf(object);
    if (!roles.every(({ view }) => view.isPresent)) return;
    const without = roles.filter(lacksImage);
    if (without.length === 0 || (without.length === roles.length && object.groupKind !== CONNECT)) return;
    for (const role of without.slice(0, 1)) {
      report({ at: role.view, cause: 'required', message: describe(object, without.length, role) });
    }
  },
};

function describe({ groupKind }: ObjectView, count: number, { name }: SparkRole): string {
  if (groupKind === CONNECT) {
    const who = count > 1 ? 'Server and executors have' : name === 'server' ? 'The server has' : 'The executors have';
    return `${who} no image: set spec.image, or an image in both pod templates. The webhook of the Kubeflow Spark Operator refuses the SparkConnect.`;
  }
  const who = name === 'driver' ? 'The driver has' : 'The executors have';
  return `${who} no image, and neither has the spec. Spark cannot make the pods, so the submission fails.`;
}

/** Whether neither the role nor the containers of its template name an image, for certain. */
function lacksImage({ view }: SparkRole): boolean {
  const containers = view.at('template', 'spec', 'containers');
  const images = [view.field('image'), ...containers.items.map((container) => container.field('image'))];
  return !view.isOpen && images.every((candidate) => candidate.isAbsent || candidate.text === '');
}

/** Only images of Spark itself have tags that tell the version of Spark. */
function checkVersion(spec: NodeView, report: Report): void {
  const view = spec.field('sparkVersion');
  const images = [spec, spec.field('driver'), spec.field('executor')].map((holder) => holder.field('image'));
  for (const candidate of images) {
    const tag = /(?:^|(?:^|\/)(?:apache|bitnami|bitnamilegacy)\/)spark(?:-py|-r)?:v?(\d+\.\d+\.\d+)(?![\d.])/.exec(
      candidate.text ?? '',
    )?.[1];
    if (tag === undefined || view.text === undefined || view.text.replace(/^v/, '').startsWith(tag)) continue;
    if (!/^v?\d+\.\d+\.\d+/.test(view.text)) continue;
    report({
      at: view,
      cause: 'invalid',
      severity: 'warning',
      message: `sparkVersion is ${view.text}, but the image brings Spark ${tag}. The application runs with what the image has.`,
      related: [{ at: candidate, message: 'The image' }],
    });
    return;
  }
}
