import { containerLines } from '#core/live/describe/containers.ts';
import { linesOf, section, table, timeWithAge, type Row } from '#core/live/describe/layout.ts';
import { isSecret } from '#core/live/edit/secretValues.ts';
import { withoutHidden } from '#core/live/edit/shownObject.ts';
import { plainText } from '#core/live/plainText.ts';
import type { JsonObject } from '#core/live/ports.ts';
import {
  isUntrustedObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  timeAt,
  type UntrustedObject,
} from '#core/live/reading.ts';
import { base64Length } from '#core/text/bytes.ts';

export interface DescribeInput {
  readonly context: string;
  readonly object: JsonObject;
  /** Events about the object as the server sent them; undefined when they may not be read. */
  readonly events: readonly JsonObject[] | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What is worth knowing of an object as a plain text: who it is, what it reports, what runs in it, and what happened to it. Everything
 * from the cluster is shown as plain text; values of Secrets are not shown.
 */
export function describeLiveObject({ context, object: whole, events, now }: DescribeInput): string {
  // An annotation of kubectl holds the whole object once more, values of Secrets included.
  const object = withoutHidden(whole);
  const title = `${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`;
  const lines = [
    ...heading(plainText(title)),
    ...table(identityRows(context, object, now)),
    ...section('Conditions', table(conditionRows(object, now))),
    ...section('Containers', containerLines(object, now)),
    ...section('Keys', table(keyRows(object))),
    ...section('Events', eventLines(events, now, 'one')),
  ];
  return `${lines.join('\n')}\n`;
}

function heading(title: string): readonly string[] {
  return [title, '='.repeat(title.length)];
}

function identityRows(context: string, object: JsonObject, now: number): readonly Row[] {
  const metadata = objectAt(object, 'metadata');
  const owners = listAt(metadata, 'ownerReferences').map(
    (owner) => `${textAt(owner, 'kind')} ${textAt(owner, 'name')}`,
  );
  return [
    ['Context', context],
    ['Namespace', textAt(metadata, 'namespace')],
    ['API version', textAt(object, 'apiVersion')],
    ['Created', timeWithAge(timeAt(metadata, 'creationTimestamp'), now)],
    ['Being deleted', timeWithAge(timeAt(metadata, 'deletionTimestamp'), now)],
    ['Finalizers', listAt(metadata, 'finalizers').filter(isText).join(', ')],
    ['Owned by', owners.join(', ')],
    ['Uid', textAt(metadata, 'uid')],
    ['Generation', generationText(object)],
    ['Phase', textAt(object, 'status', 'phase') || textAt(object, 'status', 'state')],
    ['Reason', textAt(object, 'status', 'reason')],
    ['Message', textAt(object, 'status', 'message')],
    ['Node', textAt(object, 'spec', 'nodeName')],
    ['Address', textAt(object, 'status', 'podIP')],
    ['Replicas', replicaText(object)],
    ['Labels', pairs(objectAt(metadata, 'labels'))],
    ['Annotations', pairs(objectAt(metadata, 'annotations'))],
  ];
}

/** An operator that lags behind has not seen the last change yet. */
function generationText(object: JsonObject): string {
  const generation = numberAt(object, 'metadata', 'generation');
  const observed = numberAt(object, 'status', 'observedGeneration');
  if (generation === undefined) return '';
  if (observed === undefined || observed >= generation) return String(generation);
  return `${generation}, of which ${observed} is acted upon so far`;
}

function replicaText(object: JsonObject): string {
  const wanted = numberAt(object, 'spec', 'replicas');
  const ready = numberAt(object, 'status', 'readyReplicas');
  if (wanted === undefined) return '';
  const updated = numberAt(object, 'status', 'updatedReplicas');
  const parts = [
    `${wanted} wanted`,
    `${ready ?? 0} ready`,
    ...(updated === undefined ? [] : [`${updated} up to date`]),
  ];
  return parts.join(', ');
}

/** Texts that tools keep for themselves, whole objects among them, are only named. */
const LONGEST_VALUE = 160;

function pairs(object: UntrustedObject): readonly string[] {
  return Object.entries(object).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > LONGEST_VALUE ? `${key} (${text.length} characters)` : `${key}=${text}`;
  });
}

function conditionRows(object: JsonObject, now: number): readonly Row[] {
  return listAt(object, 'status', 'conditions').map((condition) => [
    textAt(condition, 'type'),
    [
      textAt(condition, 'status'),
      textAt(condition, 'reason'),
      timeWithAge(timeAt(condition, 'lastTransitionTime'), now),
      textAt(condition, 'message'),
    ]
      .filter((text) => text !== '')
      .join(', '),
  ]);
}

function keyRows(object: JsonObject): readonly Row[] {
  const size = (length: number): string => `${length} ${length === 1 ? 'byte' : 'bytes'}`;
  const data = Object.entries(objectAt(object, 'data'));
  if (isSecret(object)) return data.map(([key, value]) => [key, size(base64Length(String(value)))]);
  if (textAt(object, 'kind') !== 'ConfigMap') return [];
  return data.map(([key, value]) => [key, `${String(value).length} characters`]);
}

/** Events alone, oldest first. */
export function eventsText(title: string, events: readonly JsonObject[], now: number): string {
  return `${[...heading(plainText(title)), ...eventLines(events, now, 'many')].join('\n')}\n`;
}

/** @param about whether every event is about the same object, so that it need not be named */
function eventLines(events: readonly JsonObject[] | undefined, now: number, about: 'one' | 'many'): readonly string[] {
  if (!events) return ['They may not be read.'];
  if (events.length === 0) return ['None in the last hour.'];
  const timed = events.map((event) => ({ event, at: timeOfEvent(event) }));
  return timed
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .flatMap(({ event, at }) => {
      const count = numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1;
      const involved = objectAt(event, 'involvedObject');
      const name = about === 'one' ? '' : `${textAt(involved, 'kind')} ${textAt(involved, 'name')}`.trim();
      const head = [
        timeWithAge(at, now),
        textAt(event, 'type'),
        textAt(event, 'reason'),
        name,
        count > 1 ? `${count} times` : '',
      ];
      const message = textAt(event, 'message') || textAt(event, 'note');
      return linesOf(head.filter((text) => text !== '').join(', '), message);
    });
}

/** Events of both APIs: the old ones have a last time, the new ones a series or one time. */
export function timeOfEvent(event: unknown): number | undefined {
  return (
    timeAt(event, 'series', 'lastObservedTime') ??
    timeAt(event, 'lastTimestamp') ??
    timeAt(event, 'deprecatedLastTimestamp') ??
    timeAt(event, 'eventTime') ??
    timeAt(event, 'metadata', 'creationTimestamp')
  );
}

/** Whether an event is about an object: its uid where both have one, else its kind and name. */
export function isEventAbout(event: unknown, object: JsonObject): boolean {
  const about = isUntrustedObject(event) ? objectAt(event, 'involvedObject') : {};
  const [uid, own] = [textAt(about, 'uid'), textAt(object, 'metadata', 'uid')];
  if (uid !== '' && own !== '') return uid === own;
  return (
    textAt(about, 'kind') === textAt(object, 'kind') && textAt(about, 'name') === textAt(object, 'metadata', 'name')
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
