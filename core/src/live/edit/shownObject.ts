import { readShownSecret, showSecret, strayPlaceholder, type SecretDisplay } from '#core/live/edit/secretValues.ts';
import { toYamlText } from '#core/live/edit/yamlText.ts';
import { isSameJson } from '#core/live/fieldPath.ts';
import { plainText } from '#core/live/plainText.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { isUntrustedObject, objectAt, textAt, type UntrustedObject } from '#core/live/reading.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** Kept by the server for itself and of no use to a reader; put back before anything is written. */
const HIDDEN_METADATA = ['managedFields', 'resourceVersion', 'selfLink'] as const;

/** Holds the whole object once more, the values of a Secret included. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const STATUS_NOTE = '# The status is what the cluster reports. Changes to it are not written.';

export interface ShownText {
  readonly secrets: SecretDisplay;
  /** The state it is compared with in a diff. */
  readonly before?: JsonObject;
}

/** An object as a YAML document: what names it first, its status last and marked. */
export function renderObject(object: JsonObject, { secrets, before }: ShownText): string {
  const { apiVersion, kind, metadata, status, ...rest } = showSecret(withoutHidden(object), secrets, before);
  const text = toYamlText({ apiVersion, kind, metadata, ...rest });
  return status === undefined ? text : `${text}${STATUS_NOTE}\n${toYamlText({ status })}`;
}

/** The object without what is hidden from readers, values of Secrets aside. */
export function withoutHidden(object: JsonObject): JsonObject {
  const metadata = omit(objectAt(object, 'metadata'), HIDDEN_METADATA);
  const annotations = omit(objectAt(metadata, 'annotations'), [LAST_APPLIED]);
  const hasAnnotations = Object.keys(annotations).length > 0;
  const shown = hasAnnotations ? { ...metadata, annotations } : omit(metadata, ['annotations']);
  return { ...object, metadata: shown };
}

export type EditedObject =
  | {
      readonly kind: 'object';
      /** As it is to be written, with everything that is hidden. */
      readonly object: JsonObject;
      /** Fields whose changes count for nothing, because the server owns them. */
      readonly ignored: readonly string[];
    }
  /** Why the text cannot be written, as one sentence, and where. */
  | { readonly kind: 'refused'; readonly reason: string; readonly offset: number };

/**
 * Reads an edited text back.
 *
 * @param base the object the text was made from
 */
export function readEdited(text: string, base: JsonObject): EditedObject {
  const documents = splitDocuments(text);
  const second = documents[1];
  if (second) return refuse('This document is one object; a second one needs a file of its own.', second.start);
  const document = parseDocumentText(text);
  const [problem] = document.problems;
  if (problem) return refuse(`This is no YAML the server can read: ${problem.message}`, problem.range.start);
  const value = toPlainValue(document.root);
  if (!isUntrustedObject(value)) return refuse('There is no object in this document.', 0);
  for (const path of IDENTITY) {
    const [was, is] = [textAt(base, ...path), textAt(value, ...path)];
    if (was !== is) return refuse(`${path.join('.')} names the object and must stay "${was}".`, 0);
  }
  const stray = strayPlaceholder(value, base);
  if (stray !== undefined) {
    const reason = `The value of ${plainText(stray)} is hidden and would be lost. Show the values to rename or change it.`;
    return refuse(reason, Math.max(0, text.indexOf(stray)));
  }
  const ignored = SERVER_FIELDS.filter((path) => !isSameJson(valueAt(value, path), valueAt(base, path)));
  return { kind: 'object', object: putBack(value, base), ignored: ignored.map((path) => path.join('.')) };
}

const IDENTITY = [['apiVersion'], ['kind'], ['metadata', 'namespace'], ['metadata', 'name']] as const;

/** Fields that only the server sets (API conventions, Metadata and Status). */
const SERVER_FIELDS = [
  ['status'],
  ['metadata', 'uid'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'generation'],
  ['metadata', 'deletionTimestamp'],
  ['metadata', 'deletionGracePeriodSeconds'],
] as const;

function putBack(edited: UntrustedObject, base: JsonObject): JsonObject {
  const metadata = objectAt(base, 'metadata');
  const applied = textAt(metadata, 'annotations', LAST_APPLIED);
  const annotations = {
    ...objectAt(edited, 'metadata', 'annotations'),
    ...(applied === '' ? {} : { [LAST_APPLIED]: applied }),
  };
  const own = omit(objectAt(edited, 'metadata'), [...SERVER_METADATA, 'annotations']);
  const kept = pick(metadata, SERVER_METADATA);
  const hasAnnotations = Object.keys(annotations).length > 0;
  const { status: _status, ...rest } = readShownSecret(edited, base);
  return {
    ...rest,
    metadata: { ...own, ...(hasAnnotations ? { annotations } : {}), ...kept },
    ...pick(base, ['status']),
  };
}

const SERVER_METADATA: readonly string[] = [
  ...HIDDEN_METADATA,
  ...SERVER_FIELDS.flatMap(([first, name]) => (first === 'metadata' ? [name] : [])),
];

function valueAt(object: UntrustedObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isUntrustedObject(value) ? value[key] : undefined), object);
}

function omit(object: UntrustedObject, keys: readonly string[]): UntrustedObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function pick(object: UntrustedObject, keys: readonly string[]): UntrustedObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

function refuse(reason: string, offset: number): EditedObject {
  return { kind: 'refused', reason, offset };
}
