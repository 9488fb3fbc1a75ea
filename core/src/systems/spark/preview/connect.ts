import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { exactly } from '#core/preview/amounts.ts';
import { identityOf, templateNotes } from '#core/preview/identity.ts';
import type { ObjectPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { bareContainer, containersOf, templateMounts } from '#core/preview/podSpec.ts';
import { nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { executorCount } from '#core/systems/spark/preview/executors.ts';
import { KUBEFLOW_OPERATOR } from '#core/systems/spark/preview/kubeflow.ts';
import { DRIVER_CONTAINER, EXECUTOR_CONTAINER, executorNames, sparkPod } from '#core/systems/spark/preview/pods.ts';

/**
 * What the operator of Kubeflow makes of a SparkConnect: it writes the pod of the server itself, so `cores` and `memory` of the server tell
 * the program and never become requests; executors are made by Spark. Source: spark-operator 2.5.2 sparkconnect mutateServerPod,
 * createOrUpdateConfigMap, GetServerServiceName.
 */
export function foretellConnect(object: ObjectView): Preview {
  const { spec } = object;
  const name = nameOf(object.metadata.field('name'));
  const pods = [serverPod(spec, name), executorPods(spec, name)];
  const totals = totalsOf(pods);
  const asksNothing = pods[0]?.containers[0]?.memoryRequest.state === 'none';
  return {
    ...identityOf(object),
    operator: KUBEFLOW_OPERATOR,
    summary: `The operator creates a server that clients connect to; the server creates its executors (${pods[1]?.count.text ?? ''}).`,
    pods,
    ...(totals ? { totals } : {}),
    objects: objectsOf(spec, name),
    mounts: [
      {
        role: 'server',
        source: `ConfigMap ${name}-conf`,
        path: '/tmp/spark/executor-pod-template.yaml',
        outcome: 'mounted',
        note: 'The template of executors, for the server.',
      },
      ...templateMounts('server', spec.at('server', 'template', 'spec')),
      ...templateMounts('executor', spec.at('executor', 'template', 'spec')),
    ],
    behaviour: [
      {
        subject: 'When the specification is changed',
        text: 'Pods that run stay as they are. Delete the pod of the server and the operator makes it anew, with new executors.',
      },
    ],
    texts: [],
    unknowns: [
      ...(asksNothing
        ? [
            'The pod of the server asks for no memory: server.memory only sizes its heap. Write resources in server.template to reserve it.',
          ]
        : []),
      ...templateNotes(spec),
    ],
  };
}

function serverPod(spec: NodeView, name: string): PodPreview {
  const written = containersOf(spec.at('server', 'template', 'spec'));
  const regular = written.filter(({ isInit }) => !isInit);
  const own = regular.find((container) => container.name === DRIVER_CONTAINER) ?? regular[0];
  const image = textOr(readFirst(spec.field('image')), '');
  const server = own ?? bareContainer(DRIVER_CONTAINER, image);
  return {
    role: 'server',
    names: [`${name}-server`],
    count: exactly(1),
    containers: [
      { ...server, image: server.image === '' ? image : server.image },
      ...written.filter((container) => container !== own),
    ],
    memoryParts: [],
  };
}

function executorPods(spec: NodeView, name: string): PodPreview {
  const conf = spec.field('sparkConf');
  const template = spec.at('executor', 'template', 'spec');
  const own = template
    .field('containers')
    .items.find((container) => container.field('name').text === EXECUTOR_CONTAINER);
  const image = readFirst(...(own ? [own.field('image')] : []), spec.field('image'));
  return {
    ...sparkPod({
      source: {
        role: 'executor',
        conf,
        fields: spec.field('executor'),
        factorField: undefined,
        language: 'JVM',
      },
      names: [executorNames(conf, name)],
      count: executorCount({
        conf,
        allocation: spec.field('dynamicAllocation'),
        instances: spec.at('executor', 'instances'),
        fallback: 2,
      }),
      container: EXECUTOR_CONTAINER,
      image,
      template,
      added: [],
    }),
  };
}

function objectsOf(spec: NodeView, name: string): readonly ObjectPreview[] {
  const service = spec.at('server', 'service');
  const own = readFirst(service.at('metadata', 'name'));
  return [
    {
      kind: 'Service',
      name: service.isPresent ? textOr(own, '<no name>') : `${name}-server`,
      what: 'To the server: Spark Connect 15002, driver 7078, block manager 7079, UI 4040.',
    },
    { kind: 'ConfigMap', name: `${name}-conf`, what: 'The pod template of executors.' },
    {
      kind: 'ConfigMap',
      name: 'spark-exec-<random>-conf-map',
      what: 'The configuration files of the server for its executors. Made by the server.',
    },
  ];
}
