import type { JsonObject } from '#core/json.ts';
import type { HelmPort } from '#core/live/helm/program.ts';
import { encodeBase64, encodeUtf8 } from '#core/text/encoding.ts';

/**
 * `data.release` as Helm keeps it: JSON, packed, in base64; in a Secret the API adds a second layer of base64, in a ConfigMap it does not.
 * Source: encodeRelease of Helm's storage drivers.
 */
export function encodeRelease(json: JsonObject, deflate: HelmPort['deflate'], driver: 'secret' | 'configmap'): string {
  const text = encodeBase64(deflate(encodeUtf8(JSON.stringify(json))));
  return driver === 'secret' ? encodeBase64(encodeUtf8(text)) : text;
}

/** Name of the Secret or ConfigMap of a revision. */
export function storedName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}

/** Labels that Helm writes itself; all others are those of `--labels`, and go on with the release. */
const SYSTEM_LABELS: ReadonlySet<string> = new Set(['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt']);

export interface StoredLabels {
  readonly release: string;
  readonly revision: number;
  readonly status: string;
  /** Of the revision it is made of. */
  readonly before: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, and what happened then. */
  readonly at: number;
  readonly how: 'createdAt' | 'modifiedAt';
}

export function storedLabels({ release, revision, status, before, at, how }: StoredLabels): Record<string, string> {
  const own = Object.entries(before).filter(([key]) => !SYSTEM_LABELS.has(key));
  return {
    ...Object.fromEntries(own),
    name: release,
    owner: 'helm',
    status,
    version: String(revision),
    [how]: String(Math.floor(at / 1000)),
  };
}
