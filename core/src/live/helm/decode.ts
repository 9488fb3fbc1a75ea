import { coalesceValues } from '#core/live/helm/values.ts';
import { isObject, isSetAt, type JsonObject, listAt, numberAt, objectAt, textAt, timeAt } from '#core/json.ts';
import { decodeBase64, decodeUtf8 } from '#core/text/encoding.ts';

/** What a revision of a release holds. Nothing of it is trusted, and its values, manifest and notes may hold secrets: see mask.ts. */
export interface ReleaseContent {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  /** `Upgrade complete`, `Rollback to 3`, or why it failed. */
  readonly description: string;
  readonly firstDeployedAt: number | undefined;
  readonly lastDeployedAt: number | undefined;
  readonly chart: ReleaseChart;
  /** Given by the user. */
  readonly values: JsonObject;
  /** Those of the chart with those of the user laid over them; the defaults of subcharts are not kept in a release. */
  readonly computedValues: JsonObject;
  readonly notes: string;
  /** All objects as one YAML text. */
  readonly manifest: string;
  readonly hooks: readonly ReleaseHook[];
}

export interface ReleaseChart {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly isDeprecated: boolean;
}

export interface ReleaseHook {
  readonly name: string;
  readonly kind: string;
  /** `pre-upgrade`, `post-install`. */
  readonly events: readonly string[];
  readonly manifest: string;
}

export type DecodedRelease =
  | { readonly kind: 'release'; readonly release: ReleaseContent }
  /** One sentence on what cannot be read. */
  | { readonly kind: 'problem'; readonly problem: string };

/** Unpacks gzip; must stop, by throwing, once the result is longer than `maxBytes`. */
export type Inflate = (gzip: Uint8Array, maxBytes: number) => Uint8Array;

/** etcd keeps no object beyond 1.5 MiB, and base64 makes a third more of it. */
const MAX_DATA_LENGTH = 3_000_000;
/** A chart is text, which gzip makes ten times smaller; this is far more than any. */
export const MAX_RELEASE_BYTES = 64_000_000;

/**
 * The content of a revision, from `data.release` of its Secret (base64 twice) or of its ConfigMap (once). Very old ones are not packed.
 * Never throws; `inflate` may.
 */
export function decodeRelease(data: string, inflate: Inflate): DecodedRelease {
  const stored = decodeStored(data, inflate);
  return stored.kind === 'stored' ? { kind: 'release', release: readRelease(stored.json) } : stored;
}

export type DecodedStorage =
  { readonly kind: 'stored'; readonly json: JsonObject } | { readonly kind: 'problem'; readonly problem: string };

/** The same as Helm wrote it, fields that nobody here knows included. */
export function decodeStored(data: string, inflate: Inflate): DecodedStorage {
  if (data === '') return problem('is empty');
  if (data.length > MAX_DATA_LENGTH) return problem(`is longer than ${MAX_DATA_LENGTH / 1_000_000} MB`);
  const bytes = unwrap(data);
  if (bytes === undefined) return problem('is not base64');
  const unpacked = unpack(bytes, inflate);
  if (typeof unpacked === 'string') return problem(unpacked);
  const value = parseJson(unpacked);
  return isObject(value) ? { kind: 'stored', json: value } : problem('is no JSON object');
}

function problem(what: string): { readonly kind: 'problem'; readonly problem: string } {
  return { kind: 'problem', problem: `The stored release ${what}.` };
}

/** Takes off layers of base64 until something else appears: two in a Secret, one in a ConfigMap. */
function unwrap(data: string): Uint8Array | undefined {
  let bytes = decodeBase64(data.trim());
  if (bytes !== undefined && !isPacked(bytes) && !isJson(bytes)) bytes = decodeBase64(decodeUtf8(bytes).trim());
  return bytes !== undefined && (isPacked(bytes) || isJson(bytes)) ? bytes : undefined;
}

function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

function isJson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b;
}

/** The bytes, or what is wrong with them. */
function unpack(bytes: Uint8Array, inflate: Inflate): Uint8Array | string {
  if (!isPacked(bytes)) return bytes;
  const tooLong = `is longer than ${MAX_RELEASE_BYTES / 1_000_000} MB when unpacked`;
  if (declaredLength(bytes) > MAX_RELEASE_BYTES) return tooLong;
  try {
    const unpacked = inflate(bytes, MAX_RELEASE_BYTES);
    return unpacked.length > MAX_RELEASE_BYTES ? tooLong : unpacked;
  } catch {
    return 'cannot be unpacked';
  }
}

/** What gzip says at its end of the length of its content. */
function declaredLength(bytes: Uint8Array): number {
  const tail = bytes.subarray(-4);
  return tail.reduceRight((length, byte) => length * 256 + byte, 0);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    return undefined;
  }
}

/** What is understood of a release. Never throws. */
export function readRelease(value: JsonObject): ReleaseContent {
  const info = objectAt(value, 'info');
  const values = objectAt(value, 'config');
  return {
    name: textAt(value, 'name'),
    namespace: textAt(value, 'namespace'),
    revision: numberAt(value, 'version') ?? 0,
    status: textAt(info, 'status'),
    description: textAt(info, 'description'),
    firstDeployedAt: readTime(info, 'first_deployed'),
    lastDeployedAt: readTime(info, 'last_deployed'),
    chart: readChart(objectAt(value, 'chart', 'metadata')),
    values,
    computedValues: coalesceValues(objectAt(value, 'chart', 'values'), values),
    notes: textAt(info, 'notes'),
    manifest: textAt(value, 'manifest'),
    hooks: listAt(value, 'hooks').filter(isObject).map(readHook),
  };
}

/** Go writes the year 1 where there is no time. */
function readTime(info: JsonObject, field: string): number | undefined {
  const at = timeAt(info, field);
  return at === undefined || at < 0 ? undefined : at;
}

function readChart(metadata: JsonObject): ReleaseChart {
  return {
    name: textAt(metadata, 'name'),
    version: textAt(metadata, 'version'),
    appVersion: textAt(metadata, 'appVersion'),
    isDeprecated: isSetAt(metadata, 'deprecated'),
  };
}

function readHook(hook: JsonObject): ReleaseHook {
  return {
    name: textAt(hook, 'name'),
    kind: textAt(hook, 'kind'),
    events: listAt(hook, 'events').filter((event) => typeof event === 'string'),
    manifest: textAt(hook, 'manifest'),
  };
}
