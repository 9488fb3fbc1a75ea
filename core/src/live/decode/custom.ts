import { decodeMeta } from '#core/live/decode/meta.ts';
import { objectOf } from '#core/live/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import type { ApiResource, JsonObject } from '#core/live/ports.ts';

/** Fields of every object; what else an old kind has beside them is read as if it stood in its spec. */
const USUAL_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Fields of a status that hold passwords in clear: Confluent Operator 1.x writes the settings of clients there. */
const SECRET_FIELDS = ['internalClient', 'externalClient'];

/** @param resource as it was asked for; what the object says of its own kind does not count */
export function decodeCustom({ group, version, kind }: ApiResource): (object: JsonObject) => LiveCustom | undefined {
  return (object) => {
    const meta = decodeMeta(object);
    return (
      meta && {
        kind: 'Custom',
        group,
        version,
        customKind: kind,
        meta,
        spec: decodeSpec(object),
        status: decodeStatus(object['status']),
      }
    );
  };
}

function decodeSpec(object: JsonObject): JsonObject {
  const spec = objectOf(object['spec']);
  const beside = Object.entries(object).filter(([key]) => !USUAL_FIELDS.has(key));
  return beside.length === 0 ? spec : { ...Object.fromEntries(beside), ...spec };
}

function decodeStatus(value: unknown): JsonObject {
  const status = objectOf(value);
  if (SECRET_FIELDS.every((field) => status[field] === undefined)) return status;
  return Object.fromEntries(Object.entries(status).filter(([key]) => !SECRET_FIELDS.includes(key)));
}
