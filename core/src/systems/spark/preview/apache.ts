import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { counted } from '#core/live/plainText.ts';
import { exactly, wholeNumber } from '#core/preview/amounts.ts';
import { identityOf, templateNotes } from '#core/preview/identity.ts';
import type { BehaviourPreview, ObjectPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { templateMounts } from '#core/preview/podSpec.ts';
import { nameOf, readFirst, textOr, type Reading } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { executorCount } from '#core/systems/spark/preview/executors.ts';
import { sparkObjects } from '#core/systems/spark/preview/kubeflowObjects.ts';
import { DRIVER_CONTAINER, EXECUTOR_CONTAINER, executorNames, sparkPod } from '#core/systems/spark/preview/pods.ts';
import type { ProgramLanguage, SparkPodRole } from '#core/systems/spark/preview/source.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

export const APACHE_OPERATOR = operatorNames['apache-spark-operator'];

/** Longest id of an application; longer ones are a digest. */
const ID_LIMIT = 46;
/** Executors of Spark when no setting says how many. */
const DEFAULT_EXECUTORS = 2;

/**
 * What the operator of Apache makes of a SparkApplication: everything is told by `sparkConf` and the pod templates.
 * Source: apache/spark-kubernetes-operator 1.0.0 SparkAppSubmissionWorker and its application reconciler; Apache Spark 4.0.
 */
export function foretellApache(object: ObjectView): Preview {
  const { spec } = object;
  const id = idOf(nameOf(object.metadata.field('name')));
  const pods = [podsOf(spec, 'driver', id), podsOf(spec, 'executor', id)];
  const totals = totalsOf(pods);
  const isRefused = textOr(readFirst(spec.field('deploymentMode')), 'ClusterMode') === 'ClientMode';
  return {
    ...identityOf(object),
    operator: APACHE_OPERATOR,
    summary: isRefused
      ? 'Nothing is created: the operator fails applications of the mode ClientMode.'
      : `The operator creates the driver of attempt ${id}; the driver creates its executors (${pods[1]?.count.text ?? ''}).`,
    pods: isRefused ? [] : pods,
    ...(totals && !isRefused ? { totals } : {}),
    objects: isRefused ? [] : objectsOf(spec, id),
    mounts: (['driver', 'executor'] as const).flatMap((role) => templateMounts(role, templateOf(spec, role))),
    behaviour: behaviourOf(spec),
    texts: [],
    unknowns: ['The number at the end of the id counts attempts: 0 is the first.', ...templateNotes(spec)],
  };
}

function idOf(name: string): string {
  const id = `${name}-0`;
  return id.length > ID_LIMIT ? '<digest of the name>' : id;
}

function templateOf(spec: NodeView, role: SparkPodRole): NodeView {
  return spec.at(`${role}Spec`, 'podTemplateSpec', 'spec');
}

function podsOf(spec: NodeView, role: SparkPodRole, id: string): PodPreview {
  const conf = spec.field('sparkConf');
  const isDriver = role === 'driver';
  const own = readFirst(conf.field('spark.kubernetes.driver.pod.name'));
  const container = isDriver ? DRIVER_CONTAINER : EXECUTOR_CONTAINER;
  return sparkPod({
    source: { role, conf, fields: undefined, factorField: undefined, language: languageIn(spec) },
    names: [isDriver ? textOr(own, `${id}-driver`) : executorNames(conf, id)],
    count: isDriver ? exactly(1) : executorCount({ conf, fallback: DEFAULT_EXECUTORS }),
    container,
    image: imageOf(spec, role),
    template: templateOf(spec, role),
    added: [],
  });
}

function imageOf(spec: NodeView, role: SparkPodRole): Reading {
  const conf = spec.field('sparkConf');
  const image = readFirst(
    conf.field(`spark.kubernetes.${role}.container.image`),
    conf.field('spark.kubernetes.container.image'),
  );
  const version = readFirst(spec.at('runtimeVersions', 'sparkVersion'));
  // The operator writes the version of Spark for this mark, which is no template of ours.
  if (image.state !== 'given' && version.state === 'given') return markedImage(conf, role, version.text) ?? image;
  return image;
}

function markedImage(conf: NodeView, role: SparkPodRole, version: string): Reading | undefined {
  const keys = [`spark.kubernetes.${role}.container.image`, 'spark.kubernetes.container.image'];
  const view = keys.map((key) => conf.field(key)).find(({ isPresent }) => isPresent);
  const text =
    view?.content?.kind === 'scalar' ? view.content.text.replaceAll('{{SPARK_VERSION}}', version) : undefined;
  return view === undefined || text === undefined || /\{\{|\$\{/.test(text)
    ? undefined
    : { state: 'given', text, from: view.path };
}

/** The main resource: jars first, then PythonRunner with pyFiles, pyFiles, sparkRFiles. */
function languageIn(spec: NodeView): ProgramLanguage | undefined {
  const fields = ['jars', 'pyFiles', 'sparkRFiles'].map((name) => readFirst(spec.field(name)));
  if (fields.some(({ state }) => state === 'unknown')) return undefined;
  const [jars, python, r] = fields.map(({ state }) => state === 'given');
  if (jars === true) return 'JVM';
  if (python === true) return 'Python';
  return r === true ? 'R' : 'JVM';
}

function objectsOf(spec: NodeView, id: string): readonly ObjectPreview[] {
  const configMaps = spec.field('configMapSpecs').items.map((item): ObjectPreview => {
    const keys = item.field('data').fields.map(({ step }) => String(step));
    return {
      kind: 'ConfigMap',
      name: nameOf(item.field('name')),
      what: `Of the specification, with ${keys.length === 0 ? 'no data' : keys.join(', ')}.`,
    };
  });
  return [...sparkObjects(spec, id), ...configMaps, ...routesOf(spec)];
}

const ROUTES = [
  { list: 'driverServiceIngressList', kind: 'Ingress', metadata: 'ingressMetadata' },
  { list: 'driverHttpRouteList', kind: 'HTTPRoute', metadata: 'httpRouteMetadata' },
  { list: 'driverGrpcRouteList', kind: 'GRPCRoute', metadata: 'grpcRouteMetadata' },
];

function routesOf(spec: NodeView): readonly ObjectPreview[] {
  return ROUTES.flatMap(({ list, kind, metadata }) =>
    spec.field(list).items.flatMap((item): readonly ObjectPreview[] => [
      { kind: 'Service', name: nameOf(item.at('serviceMetadata', 'name')), what: 'To the driver.' },
      { kind, name: nameOf(item.at(metadata, 'name')), what: 'To that Service.' },
    ]),
  );
}

/** Defaults of RestartConfig: three attempts, half a minute apart. */
function behaviourOf(spec: NodeView): readonly BehaviourPreview[] {
  const tolerations = spec.field('applicationTolerations');
  return [
    { subject: 'When it ends or fails', text: restartText(tolerations.field('restartConfig')) },
    {
      subject: 'When the specification is changed',
      text: 'Nothing happens to an application that exists: delete it and create it again.',
    },
    { subject: 'When it has ended', text: retainText(readFirst(tolerations.field('resourceRetainPolicy'))) },
  ];
}

const RESTARTS: Readonly<Record<string, string>> = {
  Always: 'It is run again whenever it ends, well or not',
  OnFailure: 'It is run again when it fails',
  OnInfrastructureFailure: 'It is run again when it could not start in time or find a place',
};

function restartText(config: NodeView): string {
  const policy = readFirst(config.field('restartPolicy'));
  if (policy.state === 'unknown') return `Unknown: ${policy.why}.`;
  const when = RESTARTS[textOr(policy, 'Never')];
  if (when === undefined) return 'It is not run again (restart policy Never).';
  const most = textOr(readFirst(config.field('maxRestartAttempts')), '3');
  const backoff = wholeNumber(textOr(readFirst(config.field('restartBackoffMillis')), '30000'));
  const wait = backoff === undefined ? 'an unknown time' : counted(backoff / 1000, 'second');
  return `${when}, at most ${most} times, ${wait} after the end of the attempt before.`;
}

function retainText(policy: Reading): string {
  switch (textOr(policy, 'Never')) {
    case 'Always':
      return 'Its pods and other objects stay until the application is deleted or its time is over.';
    case 'OnFailure':
      return 'Its pods and other objects are deleted when it succeeded, and stay when it failed.';
    default:
      return policy.state === 'unknown' ? `Unknown: ${policy.why}.` : 'Its pods and other objects are deleted.';
  }
}
