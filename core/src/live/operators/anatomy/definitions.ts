import { isSetAt, objectAt, objectsOf, textAt, textsAt, valueAt } from '#core/json.ts';
import { orAbsent, readEach } from '#core/live/operators/anatomy/reading.ts';
import { readService, serviceName } from '#core/live/operators/anatomy/services.ts';
import type {
  DefinitionAnatomy,
  ObjectCount,
  OperatorSubject,
  ReadAccess,
} from '#core/live/operators/anatomy/model.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import type { DefinitionView } from '#core/live/view.ts';

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
} as const;

/** The definitions of its kinds that are here, one by one: a list of all would bring every schema along. @throws ClusterProblem */
export async function readDefinitions(
  cluster: ReadAccess,
  { definitions }: OperatorSubject,
): Promise<readonly DefinitionAnatomy[]> {
  const found = await readEach(definitions, ({ name }) =>
    orAbsent(cluster.get({ ...DEFINITIONS, namespace: '', name }).then(definitionOf)),
  );
  const there = found.filter((definition) => definition !== undefined);
  return readEach(there, async (definition) => {
    const { converter } = definition;
    return converter === undefined
      ? definition
      : { ...definition, converters: (await readService(cluster, converter)).endpoints };
  });
}

function definitionOf(object: JsonObject): DefinitionAnatomy {
  const spec = objectAt(object, 'spec');
  const conditions = objectsOf(valueAt(object, 'status', 'conditions'));
  const service = objectAt(spec, 'conversion', 'webhook', 'clientConfig', 'service');
  return {
    name: textAt(object, 'metadata', 'name'),
    group: textAt(spec, 'group'),
    kind: textAt(spec, 'names', 'kind'),
    versions: objectsOf(spec['versions']).map((version) => ({
      name: textAt(version, 'name'),
      isServed: isSetAt(version, 'served'),
      isStorage: isSetAt(version, 'storage'),
      isDeprecated: isSetAt(version, 'deprecated'),
    })),
    stored: textsAt(object, 'status', 'storedVersions'),
    conversion: textAt(spec, 'conversion', 'strategy') || 'None',
    converter: serviceName(service),
    isEstablished: conditions.some(
      (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
    ),
    isBeingDeleted: textAt(object, 'metadata', 'deletionTimestamp') !== '',
  };
}

/** How many objects of its kinds there are, from their metadata. @throws ClusterProblem when none may be listed anywhere */
export async function countObjects(cluster: ReadAccess, subject: OperatorSubject): Promise<readonly ObjectCount[]> {
  const problems: ClusterProblem[] = [];
  const served = subject.definitions.filter(({ versions }) => versions.length > 0);
  const counts = await readEach(served, async (definition) => {
    try {
      return await countOf(cluster, definition, subject);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      problems.push(error);
      return undefined;
    }
  });
  const found = counts.filter((count) => count !== undefined);
  const [problem] = problems;
  if (found.length === 0 && problem !== undefined) throw problem;
  return found;
}

async function countOf(
  cluster: ReadAccess,
  { name, group, kind, plural, versions }: DefinitionView,
  { namespaces, operator }: OperatorSubject,
): Promise<ObjectCount> {
  const query = { group, version: versions[0] ?? '', plural, namespaced: true, metadataOnly: true } as const;
  try {
    if (namespaces === undefined) return counted(await cluster.list(query), false);
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'forbidden') throw error;
  }
  const places = namespaces ?? [operator.namespace];
  const lists = await readEach(places, (namespace) => cluster.list({ ...query, namespace }));
  return counted(lists.flat(), true);

  function counted(objects: readonly JsonObject[], isPartial: boolean): ObjectCount {
    const byNamespace = new Map<string, number>();
    for (const object of objects) {
      const namespace = textAt(object, 'metadata', 'namespace');
      byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + 1);
    }
    return { definition: name, kind, byNamespace, isPartial };
  }
}
