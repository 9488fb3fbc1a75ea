import type { JsonObject } from '#core/live/ports.ts';
import { isObject, objectAt, textAt } from '../json.ts';

/** An object without the record of who set which field, which is often larger than the rest. */
export function asSent(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  if (!isObject(metadata) || !('managedFields' in metadata)) return object;
  const { managedFields: _record, ...rest } = metadata;
  return { ...object, metadata: rest };
}

export const versionOf = (object: unknown): string | undefined =>
  textAt(objectAt(object, 'metadata'), 'resourceVersion');
