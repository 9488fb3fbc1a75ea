import { objectsOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { Cluster, WriteOptions } from '#core/live/ports.ts';
import { setAddress } from '#core/operations/scaledSet.ts';

/** One variable of a container; null takes it away. */
export interface VariableChange {
  readonly variable: string;
  readonly value: string | null;
}

/**
 * Lists are replaced as a whole by a merge patch, so it has all containers as they were read, and counts for that version only.
 * @throws ClusterProblem
 */
export async function patchTemplate(
  cluster: Cluster,
  object: JsonObject,
  container: string,
  changes: readonly VariableChange[],
  options: WriteOptions = {},
): Promise<void> {
  const metadata = {
    uid: valueAt(object, 'metadata', 'uid'),
    resourceVersion: valueAt(object, 'metadata', 'resourceVersion'),
  };
  const containers = containersOf(object).map((one) =>
    textAt(one, 'name') === container ? { ...one, env: changedVariables(objectsOf(one['env']), changes) } : one,
  );
  const address = setAddress(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name'));
  await cluster.mergePatch(address, { metadata, spec: { template: { spec: { containers } } } }, options);
}

/** Those of the template; init containers are none of them. */
export function containersOf(object: JsonObject): readonly JsonObject[] {
  return objectsOf(valueAt(object, 'spec', 'template', 'spec', 'containers'));
}

/** Each keeps its place, because a variable may be made of those before it. */
function changedVariables(variables: readonly JsonObject[], changes: readonly VariableChange[]): readonly JsonObject[] {
  const wanted = new Map(changes.map(({ variable, value }) => [variable, value]));
  const kept = variables.flatMap((one) => {
    const value = wanted.get(textAt(one, 'name'));
    if (value === undefined) return [one];
    return value === null ? [] : [{ name: textAt(one, 'name'), value }];
  });
  const known = new Set(variables.map((one) => textAt(one, 'name')));
  const added = changes.flatMap(({ variable, value }) =>
    value === null || known.has(variable) ? [] : [{ name: variable, value }],
  );
  return [...kept, ...added];
}
