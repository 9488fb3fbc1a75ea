import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { countFrom } from '#core/preview/amounts.ts';
import { identityOf } from '#core/preview/identity.ts';
import type { ContainerPreview, CountPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { resourcesOf } from '#core/preview/podSpec.ts';
import { isTrue, nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** The replicated job of a runtime that trains, and its container. */
const NODE = 'node';

/** What a job changes of the pods of its runtime: in trainer 2.0, in 2.1 and 2.2, and from 2.3 on. */
const overrides = ['podSpecOverrides', 'podTemplateOverrides', 'runtimePatches'];

/**
 * What Kubeflow Trainer makes of a TrainJob, as far as it can be told without its runtime: a JobSet of the same name whose jobs the
 * runtime describes; the job says only what it changes in them. Source: kubeflow/trainer 2.3.0; pod names and Service of JobSet, seen with 2.0.0 and
 * JobSet 0.8.2.
 */
export function foretellTrainJob(object: ObjectView): Preview {
  const { metadata, spec } = object;
  const name = nameOf(metadata.field('name'));
  const runtime = nameOf(spec.at('runtimeRef', 'name'));
  const count = nodeCount(spec);
  const pods = [nodePods(spec, name, count), ...initializers(spec, name)];
  const isCounted = count.least !== undefined && spec.at('trainer', 'resourcesPerNode').isPresent;
  const totals = isCounted ? totalsOf(pods) : undefined;
  return {
    ...identityOf(object),
    operator: operatorNames['kubeflow-trainer'],
    summary: summaryOf(spec, runtime),
    pods,
    ...(totals ? { totals } : {}),
    objects: [
      { kind: 'JobSet', name, what: `Its jobs are those of the runtime ${runtime}.` },
      {
        kind: 'Service',
        name,
        what: 'Headless, by the JobSet: pods find each other by name, unless the runtime says otherwise (network).',
      },
    ],
    mounts: [],
    behaviour: [
      {
        subject: 'When the specification is changed',
        text: 'Runtime, trainer, initializer and deadline cannot be changed: delete the job and create it again. suspend can; of its changes to the pods of the runtime only node selectors, tolerations and scheduling gates, and only while it is suspended.',
      },
      ...deadline(spec),
    ],
    texts: [],
    unknowns: [
      `Everything else stands in the ${textOr(readFirst(spec.at('runtimeRef', 'kind')), 'ClusterTrainingRuntime')} ${runtime}, which is not read here: images, commands, volumes, restarts, and whatever the job does not say of nodes and resources.`,
      ...overrides
        .filter((field) => spec.field(field).isPresent)
        .map((field) => `Its ${field} change pods that the runtime describes.`),
    ],
  };
}

function summaryOf(spec: NodeView, runtime: string): string {
  return isTrue(spec.field('suspend'))
    ? 'The job is suspended: no pods are created until suspend is false.'
    : `The operator creates a JobSet after the runtime ${runtime}.`;
}

function nodeCount(spec: NodeView): CountPreview {
  const nodes = readFirst(spec.at('trainer', 'numNodes'));
  return nodes.state === 'absent' ? { text: 'as many as the runtime says' } : countFrom(nodes, 1);
}

function nodePods(spec: NodeView, name: string, count: CountPreview): PodPreview {
  const trainer = spec.field('trainer');
  return {
    role: NODE,
    names: [`${name}-${NODE}-0-<index>-<random>`],
    count,
    containers: [nodeContainer(trainer)],
    memoryParts: [],
  };
}

function nodeContainer(trainer: NodeView): ContainerPreview {
  const resources = trainer.field('resourcesPerNode');
  const byRuntime = { state: 'unknown', text: 'as the runtime says' } as const;
  const image = textOr(readFirst(trainer.field('image')), '');
  if (!resources.isPresent) {
    const asked = { cpuRequest: byRuntime, cpuLimit: byRuntime, memoryRequest: byRuntime, memoryLimit: byRuntime };
    return { name: NODE, image, isInit: false, ...asked, others: [] };
  }
  return { name: NODE, image, isInit: false, ...resourcesOf(resources) };
}

function initializers(spec: NodeView, name: string): readonly PodPreview[] {
  const unknown = { state: 'unknown', text: 'as the runtime says' } as const;
  return ['dataset', 'model']
    .filter((part) => spec.at('initializer', part).isPresent)
    .map((part) => ({
      role: `${part}-initializer`,
      names: [`${name}-${part}-initializer-0-0-<random>`],
      count: { text: '1, before the nodes', least: 1, most: 1 },
      containers: [
        {
          name: `${part}-initializer`,
          image: '',
          isInit: false,
          cpuRequest: unknown,
          cpuLimit: unknown,
          memoryRequest: unknown,
          memoryLimit: unknown,
          others: [],
        },
      ],
      memoryParts: [],
    }));
}

function deadline(spec: NodeView) {
  const seconds = readFirst(spec.field('activeDeadlineSeconds'));
  if (seconds.state !== 'given') return [];
  return [
    {
      subject: 'When it takes too long',
      text: `It fails ${seconds.text} seconds after its start (activeDeadlineSeconds).`,
    },
  ];
}
