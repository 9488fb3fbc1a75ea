import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { cores, quantityAmount, unknownAmount } from '#core/preview/amounts.ts';
import type { Amount, ContainerPreview, CountPreview, MemoryPart, PodPreview } from '#core/preview/model.ts';
import { containersOf } from '#core/preview/podSpec.ts';
import { readFirst, textOr, type Reading } from '#core/preview/reading.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { memoryOf, memoryParts } from '#core/systems/spark/preview/memory.ts';
import { valueOf, type SparkSource } from '#core/systems/spark/preview/source.ts';
import { parseSparkMemory } from '#core/systems/spark/rules/memory.ts';

export const DRIVER_CONTAINER = 'spark-kubernetes-driver';
export const EXECUTOR_CONTAINER = 'spark-kubernetes-executor';

export interface SparkPodParts {
  readonly source: SparkSource;
  readonly names: readonly string[];
  readonly count: CountPreview;
  readonly container: string;
  readonly image: Reading;
  /** Pod spec of the template that Spark begins with, when there may be one. */
  readonly template: NodeView | undefined;
  /** Containers that an operator adds: its sidecars. */
  readonly added: readonly ContainerPreview[];
}

/** A driver or executor pod as Spark makes it, with the containers that a template or an operator adds. */
export function sparkPod({ source, names, count, container, image, template, added }: SparkPodParts): PodPreview {
  const parts = memoryParts(source);
  const others = template === undefined ? [] : containersOf(template).filter(({ name }) => name !== container);
  return {
    role: source.role,
    names,
    count,
    containers: [sparkContainer(source, container, image, parts), ...added, ...others],
    memoryParts: parts,
  };
}

function sparkContainer(
  source: SparkSource,
  name: string,
  image: Reading,
  parts: readonly MemoryPart[],
): ContainerPreview {
  const { role } = source;
  const request = memoryOf(parts);
  const own = source.fields?.field('memoryLimit');
  return {
    name,
    image: textOr(image, ''),
    isInit: false,
    cpuRequest: coresAsked(source),
    cpuLimit: quantityAmount(valueOf(source, 'coreLimit', `spark.kubernetes.${role}.limit.cores`)),
    memoryRequest: request,
    memoryLimit: own === undefined ? request : limitOf(readFirst(own), request),
    others: source.fields === undefined ? [] : gpuOf(source.fields.field('gpu')),
  };
}

/** `coreRequest`, else as many as it has cores; one when nobody says. Source: Apache Spark 4.0 BasicDriverFeatureStep, BasicExecutorFeatureStep. */
function coresAsked(source: SparkSource): Amount {
  const { role } = source;
  const asked = quantityAmount(valueOf(source, 'coreRequest', `spark.kubernetes.${role}.request.cores`));
  if (asked.state !== 'none') return asked;
  const given = quantityAmount(valueOf(source, 'cores', `spark.${role}.cores`));
  return given.state === 'none' ? cores(1) : given;
}

/** The operator takes the limit in the spelling of Java or of Kubernetes (spark-operator 2.5.2 addMemoryLimit); the larger reading counts. */
function limitOf(reading: Reading, request: Amount): Amount {
  if (reading.state === 'absent') return request;
  if (reading.state === 'unknown') return unknownAmount(reading.why);
  const readings = [parseQuantity(reading.text)?.value, parseSparkMemory(reading.text)];
  const known = readings.filter((bytes) => bytes !== undefined);
  if (known.length === 0) return unknownAmount(`${reading.from} is no amount of memory`);
  return { state: 'known', text: reading.text, value: Math.max(...known) };
}

/** An empty name or a number below 1 is left out in silence (spark-operator 2.5.2 addGPU). */
function gpuOf(view: NodeView): readonly string[] {
  const { text } = view.field('name');
  const { integer } = view.field('quantity');
  return text !== undefined && text !== '' && integer !== undefined && integer > 0 ? [`${integer} ${text}`] : [];
}

/** Executors are named by their application, or by a prefix of their own. Source: Apache Spark 4.0 KubernetesExecutorConf. */
export function executorNames(conf: NodeView, application: string): string {
  const prefix = readFirst(conf.field('spark.kubernetes.executor.podNamePrefix'));
  return `${textOr(prefix, `${application}-<random>`)}-exec-<number>`;
}
