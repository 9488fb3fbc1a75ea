import { decodeConditions, decodeMeta, decodeSelector, nameText } from '#core/live/decode/meta.ts';
import { numberOf, objectOf, objectsOf, scalarText, textMapOf, textOf, valueAt } from '#core/live/json.ts';
import type { LiveBudget, LiveClaim, LiveMetadata, LiveNode, LiveService } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';

export function decodeService(object: JsonObject): LiveService | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const spec = objectOf(object['spec']);
  return {
    kind: 'Service',
    meta,
    type: textOf(spec['type']) || 'ClusterIP',
    clusterIp: nameText(spec['clusterIP']),
    selector: textMapOf(spec['selector']),
    ports: objectsOf(spec['ports']).map((port) => ({
      name: nameText(port['name']),
      port: numberOf(port['port']) ?? 0,
    })),
    publishesNotReady: spec['publishNotReadyAddresses'] === true,
  };
}

export function decodeClaim(object: JsonObject): LiveClaim | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const spec = objectOf(object['spec']);
  const there = valueAt(object, 'status', 'capacity', 'storage');
  const asked = valueAt(spec, 'resources', 'requests', 'storage');
  return {
    kind: 'PersistentVolumeClaim',
    meta,
    phase: textOf(valueAt(object, 'status', 'phase')) || 'Pending',
    volume: nameText(spec['volumeName']),
    storageClass: nameText(spec['storageClassName']),
    size: nameText(scalarText(there) || scalarText(asked)),
  };
}

export function decodeBudget(object: JsonObject): LiveBudget | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const spec = objectOf(object['spec']);
  const status = objectOf(object['status']);
  return {
    kind: 'PodDisruptionBudget',
    meta,
    selector: decodeSelector(spec['selector']),
    minAvailable: scalarText(spec['minAvailable']),
    maxUnavailable: scalarText(spec['maxUnavailable']),
    disruptionsAllowed: numberOf(status['disruptionsAllowed']) ?? 0,
    currentHealthy: numberOf(status['currentHealthy']) ?? 0,
    desiredHealthy: numberOf(status['desiredHealthy']) ?? 0,
  };
}

/** Where clouds and installers write the zone of a node; the second is the name of before 1.17. */
const ZONE_LABELS = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];

export function decodeNode(object: JsonObject): LiveNode | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const conditions = decodeConditions(valueAt(object, 'status', 'conditions'));
  return {
    kind: 'Node',
    meta,
    isReady: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    isSchedulable: valueAt(object, 'spec', 'unschedulable') !== true,
    zone: nameText(ZONE_LABELS.map((label) => meta.labels[label]).find((zone) => zone !== undefined)),
    conditions,
  };
}

/** Data that came along nevertheless is not kept. */
export function decodeMetadata(of: LiveMetadata['of']): (object: JsonObject) => LiveMetadata | undefined {
  return (object) => {
    const meta = decodeMeta(object);
    return meta && { kind: 'Metadata', of, meta };
  };
}
