import { decodeContainers, decodeReferences, decodeVolumes } from '#core/live/decode/container.ts';
import { decodeStates } from '#core/live/decode/containerState.ts';
import { decodeConditions, decodeMeta, nameText, shownText } from '#core/live/decode/meta.ts';
import { numberOf, objectOf, textOf } from '#core/live/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';

/** What the API server fills in for `terminationGracePeriodSeconds`. */
const DEFAULT_GRACE_SECONDS = 30;

export function decodePod(object: JsonObject): LivePod | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const spec = objectOf(object['spec']);
  const status = objectOf(object['status']);
  const conditions = decodeConditions(status['conditions']);
  return {
    kind: 'Pod',
    meta,
    phase: textOf(status['phase']) || 'Unknown',
    reason: shownText(status['reason']),
    message: shownText(status['message']),
    node: nameText(spec['nodeName']),
    ip: nameText(status['podIP']),
    isReady: conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    conditions,
    containers: decodeContainers(spec, meta.namespace),
    states: decodeStates(status),
    volumes: decodeVolumes(spec),
    references: decodeReferences(spec),
    serviceAccount: nameText(spec['serviceAccountName']),
    graceSeconds: numberOf(spec['terminationGracePeriodSeconds']) ?? DEFAULT_GRACE_SECONDS,
  };
}
