import { isObject, objectAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { SECRET_NAME } from '#core/live/describe/containers.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { differenceOf, inverseOf, pathsOf } from '#core/operations/jobs/mergePatch.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** One field that a manifest changes. */
export interface WantedChange {
  /** `spec.runPolicy.suspend`. */
  readonly path: string;
  /** `spec.runPolicy.backoffLimit: 2 → 5`; of lists and whole objects only that they differ. */
  readonly text: string;
}

export interface WantedChanges {
  /** RFC 7386: spec, labels and annotations. */
  readonly patch: JsonObject;
  readonly changes: readonly WantedChange[];
}

/**
 * What a manifest changes of a job. A manifest that has a uid was taken from the cluster and is the whole of it: what is missing there is taken
 * away. Of any other, what it does not name stays as it is, because operators and servers fill in what people leave out.
 * @throws ClusterProblem for a text that is no manifest of the job, that changes nothing, or that holds a password
 */
export function wantedChanges(text: string, job: JsonObject): WantedChanges {
  const wanted = findManifest(text, job);
  const isWhole = textAt(wanted, 'metadata', 'uid') !== '';
  if (isWhole && textAt(wanted, 'metadata', 'uid') !== textAt(job, 'metadata', 'uid'))
    throw problem('The manifest was taken from another job of the same name. Take it from the cluster again.');
  const spec = differenceOf(objectAt(job, 'spec'), objectAt(wanted, 'spec'), isWhole);
  const metadata = metadataChanges(objectAt(job, 'metadata'), objectAt(wanted, 'metadata'));
  const patch = {
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(Object.keys(spec).length > 0 ? { spec } : {}),
  };
  const paths = pathsOf(patch);
  if (paths.length === 0) throw problem('The manifest says what is there already: nothing would be changed.');
  refusePasswords(patch);
  // What is there now is written down too, to tell whether somebody else changes it.
  refusePasswords(inverseOf(job, patch));
  return { patch, changes: paths.map((path) => ({ path, text: describe(path, job, patch) })) };
}

function findManifest(text: string, job: JsonObject): JsonObject {
  const documents = splitDocuments(text).map(({ start, end }) => parseDocumentText(text.slice(start, end)));
  const named = `${textAt(job, 'kind')} ${textAt(job, 'metadata', 'name')}`;
  const [found, second] = documents.filter(({ root }) => {
    const value = toPlainValue(root);
    return textAt(value, 'kind') === textAt(job, 'kind') && nameAt(value) === nameAt(job);
  });
  if (!found) throw problem(`The text has no manifest of ${plainText(named)}.`);
  if (second) throw problem(`The text has several manifests of ${plainText(named)}. Leave one.`);
  const [broken] = found.problems;
  if (broken) throw problem(`The manifest is no YAML the server can read: ${broken.message}`);
  const value = toPlainValue(found.root);
  const manifest = isObject(value) ? value : {};
  for (const path of [['apiVersion'], ['metadata', 'namespace']]) {
    const [is, was] = [textAt(manifest, ...path), textAt(job, ...path)];
    if (is !== '' && is !== was)
      throw problem(`The manifest says ${path.join('.')} ${plainText(is)}, and the job has ${plainText(was)}.`);
  }
  return manifest;
}

const nameAt = (value: unknown): string => textAt(value, 'metadata', 'name');

/** Labels and annotations that a manifest names; those that others have set stay. */
function metadataChanges(before: JsonObject, after: JsonObject): JsonObject {
  const parts = ['labels', 'annotations'].flatMap((part): [string, JsonObject][] => {
    const changes = differenceOf(objectAt(before, part), objectAt(after, part), false);
    return Object.keys(changes).length > 0 ? [[part, changes]] : [];
  });
  return Object.fromEntries(parts);
}

/** What is changed is written down with the plan, in a ConfigMap that many may read. */
function refusePasswords(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(refusePasswords);
  if (!isObject(value)) return;
  const name = textAt(value, 'name');
  const isLiteral = typeof value['value'] === 'string' && SECRET_NAME.test(name);
  const key = Object.keys(value).find((one) => /[.-]|^[A-Z_]+$/.test(one) && SECRET_NAME.test(one));
  const found = isLiteral ? name : key !== undefined && typeof value[key] === 'string' ? key : undefined;
  if (found !== undefined)
    throw problem(
      `The changed part of the manifest holds a value of ${plainText(found)} in clear, and plans are written to a ConfigMap. Refer to a Secret there.`,
    );
  for (const one of Object.values(value)) refusePasswords(one);
}

function describe(path: string, job: JsonObject, patch: JsonObject): string {
  // A key may have dots in it: it is followed as far as the path can be.
  const steps = path.split('.');
  const [before, after] = [valueAt(job, ...steps), valueAt(patch, ...steps)];
  if (after === null) return `${path} is taken away`;
  if (isScalar(after) && (before === undefined || isScalar(before)))
    return `${path}: ${before === undefined ? 'nothing' : scalar(before)} → ${scalar(after)}`;
  return `${path} is changed`;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const scalar = (value: string | number | boolean): string => plainText(String(value), 60);

const problem = (message: string): ClusterProblem => new ClusterProblem('invalid', message);
