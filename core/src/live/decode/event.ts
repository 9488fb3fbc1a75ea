import { decodeMeta, nameText, shownText } from '#core/live/decode/meta.ts';
import { numberOf, objectOf, textOf, valueAt } from '#core/live/json.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { timeAt } from '#core/live/reading.ts';

/** An Event of v1. Components write its times in different fields, and a series in one of its own. */
export function decodeEvent(object: JsonObject): LiveEvent | undefined {
  const meta = decodeMeta(object);
  if (!meta) return undefined;
  const about = objectOf(object['involvedObject']);
  const series = objectOf(object['series']);
  const times = [series['lastObservedTime'], object['lastTimestamp'], object['eventTime'], object['firstTimestamp']];
  return {
    kind: 'Event',
    meta,
    type: textOf(object['type']) || 'Normal',
    reason: shownText(object['reason']),
    message: shownText(object['message']),
    count: numberOf(series['count']) ?? numberOf(object['count']) ?? 1,
    at:
      times.map((time) => timeAt(time)).find((time) => time !== undefined) ??
      timeAt(valueAt(object, 'metadata', 'creationTimestamp')),
    about: { kind: nameText(about['kind']), name: nameText(about['name']), uid: textOf(about['uid']) },
  };
}
