import { isObject, listOf } from '#core/json.ts';
import { toJson } from '#core/charts/values/json.ts';
import { nodeAt, type YamlNode } from '#core/yaml/nodes.ts';

/** One entry of `dependencies`, as far as its fields have the right types. */
export interface ChartDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly importValues: readonly unknown[];
  readonly alias: string;
}

export function readDependencies(root: YamlNode | undefined): readonly ChartDependency[] {
  return listOf(toJson(nodeAt(root, ['dependencies'])))
    .filter(isObject)
    .map((one) => ({
      name: asText(one['name']),
      version: asText(one['version']),
      repository: asText(one['repository']),
      condition: asText(one['condition']),
      tags: listOf(one['tags']).map(asText),
      enabled: one['enabled'] === true,
      importValues: listOf(one['import-values']),
      alias: asText(one['alias']),
    }));
}

/** The key of its values: its alias, or its name. */
export function keyOf({ alias, name }: ChartDependency): string {
  return alias === '' ? name : alias;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * What Helm writes as the digest of a lock file: SHA-256 over the JSON of what is wanted and what is locked, as Go prints it
 * (`HashReq` in helm v3.22.0 internal/resolver/resolver.go; fields and `omitempty` of `chart.Dependency`).
 */
export function lockDigest(
  wanted: readonly ChartDependency[],
  locked: readonly ChartDependency[],
  digest: (text: string) => string,
): string {
  return `sha256:${digest(`[${goList(wanted)},${goList(locked)}]`)}`;
}

/** The digest of Helm 2, which Helm 3 takes in charts of `apiVersion: v1` (`HashV2Req`). */
export function lockDigestOfHelm2(wanted: readonly ChartDependency[], digest: (text: string) => string): string {
  return `sha256:${digest(`{"dependencies":${goList(wanted)}}`)}`;
}

function goList(dependencies: readonly ChartDependency[]): string {
  return dependencies.length === 0 ? 'null' : goJson(dependencies.map(toGo));
}

function toGo({ name, version, repository, condition, tags, enabled, importValues, alias }: ChartDependency): unknown {
  return {
    name,
    ...(version === '' ? {} : { version }),
    repository,
    ...(condition === '' ? {} : { condition }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(enabled ? { enabled } : {}),
    ...(importValues.length === 0 ? {} : { 'import-values': importValues.map(withSortedKeys) }),
    ...(alias === '' ? {} : { alias }),
  };
}

/** Go prints the keys of maps in order. */
function withSortedKeys(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Go escapes what could end a script in HTML. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
