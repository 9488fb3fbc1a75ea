import { decodeContainers, decodeVolumes } from '#core/live/decode/container.ts';
import { decodeConditions, decodeMeta, decodeSelector, nameText } from '#core/live/decode/meta.ts';
import { numberOf, objectOf, objectsOf, textMapOf, textOf, valueAt } from '#core/live/json.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';

export const decodeStatefulSet = (object: JsonObject): LiveWorkload | undefined =>
  decodeWorkload('StatefulSet', object);

export const decodeDeployment = (object: JsonObject): LiveWorkload | undefined => decodeWorkload('Deployment', object);

/** The numbers of a DaemonSet stand in its status under names of their own. */
export function decodeDaemonSet(object: JsonObject): LiveWorkload | undefined {
  const workload = decodeWorkload('DaemonSet', object);
  const status = objectOf(object['status']);
  return (
    workload && {
      ...workload,
      replicas: numberOf(status['desiredNumberScheduled']) ?? 0,
      readyReplicas: numberOf(status['numberReady']) ?? 0,
      updatedReplicas: numberOf(status['updatedNumberScheduled']) ?? 0,
    }
  );
}

function decodeWorkload(kind: LiveWorkload['kind'], object: JsonObject): LiveWorkload | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const spec = objectOf(object['spec']);
  const status = objectOf(object['status']);
  const templateMeta = objectOf(valueAt(spec, 'template', 'metadata'));
  const podSpec = objectOf(valueAt(spec, 'template', 'spec'));
  const strategy = objectOf(spec['updateStrategy'] ?? spec['strategy']);
  return {
    kind,
    meta,
    // The API server fills in 1.
    replicas: numberOf(spec['replicas']) ?? 1,
    readyReplicas: numberOf(status['readyReplicas']) ?? 0,
    updatedReplicas: numberOf(status['updatedReplicas']) ?? 0,
    currentRevision: textOf(status['currentRevision']),
    updateRevision: textOf(status['updateRevision']),
    observedGeneration: numberOf(status['observedGeneration']),
    selector: decodeSelector(spec['selector']),
    templateLabels: textMapOf(templateMeta['labels']),
    templateAnnotations: textMapOf(templateMeta['annotations']),
    containers: decodeContainers(podSpec, meta.namespace),
    volumes: decodeVolumes(podSpec),
    serviceName: nameText(spec['serviceName']),
    updateStrategy: textOf(strategy['type']),
    partition: numberOf(valueAt(strategy, 'rollingUpdate', 'partition')) ?? 0,
    podManagementPolicy: textOf(spec['podManagementPolicy']),
    claimTemplates: objectsOf(spec['volumeClaimTemplates']).map((claim) =>
      nameText(valueAt(claim, 'metadata', 'name')),
    ),
    conditions: decodeConditions(status['conditions']),
  };
}
