import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectPreview } from '#core/preview/model.ts';
import { nameOf, readFirst, textOr } from '#core/preview/reading.ts';

/** Port of the Spark UI when `spark.ui.port` says nothing. */
const UI_PORT = '4040';
/** Longest name of a Service. */
const NAME_LIMIT = 63;

/**
 * The objects beside the pods of an application. Source: spark-operator 2.5.2 web_ui.go, driveringress.go, monitoring_config.go and its
 * volcano scheduler; Apache Spark 4.0 DriverServiceFeatureStep and KubernetesClientUtils for what Spark creates itself.
 *
 * @param schedule name of the schedule whose run it is
 */
export function kubeflowObjects(spec: NodeView, name: string, schedule: string | undefined): readonly ObjectPreview[] {
  const run: ObjectPreview = {
    kind: 'SparkApplication',
    name,
    what: `A run of ${schedule ?? ''}, made by the operator.`,
  };
  return [
    ...(schedule === undefined ? [] : [run]),
    ...uiObjects(spec, name),
    ...ingressObjects(spec, name),
    ...sparkObjects(spec, `${name}-<random>`),
    ...monitoringObjects(spec, name),
    ...schedulerObjects(spec, name),
  ];
}

function uiObjects(spec: NodeView, name: string): readonly ObjectPreview[] {
  const options = spec.field('sparkUIOptions');
  const target = textOr(readFirst(spec.at('sparkConf').field('spark.ui.port')), UI_PORT);
  const port = textOr(readFirst(options.field('servicePort')), target);
  const type = textOr(readFirst(options.field('serviceType')), 'ClusterIP');
  const hasIngress = ['ingressAnnotations', 'ingressTLS'].some((field) => options.field(field).isPresent);
  return [
    {
      kind: 'Service',
      name: shortened(name, 'ui-svc'),
      what: `${type}, port ${port} to ${target}: the Spark UI. Made by the operator while its UI services are on, which they are at first.`,
    },
    {
      kind: 'Ingress',
      name: shortened(name, 'ui-ingress'),
      what: `The Spark UI from outside, only where the operator was started with a format for its URL.${hasIngress ? ' The annotations and TLS of sparkUIOptions go there.' : ''}`,
    },
  ];
}

/** Names that are too long are cut, with a piece of a digest between. */
function shortened(name: string, suffix: string): string {
  const whole = `${name}-${suffix}`;
  return whole.length <= NAME_LIMIT ? whole : `${name.slice(0, NAME_LIMIT - suffix.length - 10)}-<digest>-${suffix}`;
}

function ingressObjects(spec: NodeView, name: string): readonly ObjectPreview[] {
  return spec.field('driverIngressOptions').items.flatMap((option): readonly ObjectPreview[] => {
    const port = textOr(readFirst(option.field('servicePort')), '<port>');
    const type = textOr(readFirst(option.field('serviceType')), 'ClusterIP');
    // Marks of the operator such as {{$appName}} are shown as they are.
    const { content } = option.field('ingressURLFormat');
    const url = content?.kind === 'scalar' ? content.text : '';
    return [
      { kind: 'Service', name: `${name}-driver-${port}`, what: `${type}, port ${port} of the driver.` },
      {
        kind: 'Ingress',
        name: `${name}-ing-${port}`,
        what: url === '' ? `To port ${port} of the driver.` : `From ${url} to port ${port} of the driver.`,
      },
    ];
  });
}

/**
 * What spark-submit and the driver create whatever operator submits.
 *
 * @param prefix of the names of the application's objects
 */
export function sparkObjects(spec: NodeView, prefix: string): readonly ObjectPreview[] {
  const conf = spec.field('sparkConf');
  const port = (key: string, fallback: string): string => textOr(readFirst(conf.field(key)), fallback);
  const isOff = textOr(readFirst(conf.field('spark.kubernetes.executor.disableConfigMap')), '') === 'true';
  const ports = [
    `driver ${port('spark.driver.port', '7078')}`,
    `block manager ${port('spark.driver.blockManager.port', port('spark.blockManager.port', '7079'))}`,
    `UI ${port('spark.ui.port', UI_PORT)}`,
  ];
  return [
    {
      kind: 'Service',
      name: `${prefix}-driver-svc`,
      what: `Headless, for the executors: ${ports.join(', ')}. Made by spark-submit.`,
    },
    {
      kind: 'ConfigMap',
      name: 'spark-drv-<random>-conf-map',
      what: 'spark.properties with all settings, mounted in the driver at /opt/spark/conf. Made by spark-submit.',
    },
    ...(isOff
      ? []
      : [
          {
            kind: 'ConfigMap',
            name: 'spark-exec-<random>-conf-map',
            what: 'The configuration files of the driver for its executors. Made by the driver.',
          },
        ]),
  ];
}

function monitoringObjects(spec: NodeView, name: string): readonly ObjectPreview[] {
  const prometheus = spec.at('monitoring', 'prometheus');
  if (!prometheus.isPresent) return [];
  return [
    {
      kind: 'ConfigMap',
      name: `${name}-prom-conf`,
      what: 'Configuration of the JMX exporter and of metrics, unless both are files of the image.',
    },
  ];
}

function schedulerObjects(spec: NodeView, name: string): readonly ObjectPreview[] {
  const scheduler = spec.field('batchScheduler');
  if (!scheduler.isPresent || nameOf(scheduler) !== 'volcano') return [];
  return [
    { kind: 'PodGroup', name: `spark-${name}-pg`, what: 'For Volcano: the pods are scheduled together or not at all.' },
  ];
}
