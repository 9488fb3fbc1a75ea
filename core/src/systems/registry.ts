import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { Preview } from '#core/preview/model.ts';
import { cassandra } from '#core/systems/cassandra/index.ts';
import type {
  ConfigurationFile,
  DataSystem,
  DocumentFacts,
  FreeFormPlace,
  ImageEnvironment,
  KnowledgeTable,
  Recognition,
  SystemId,
  SystemKind,
} from '#core/systems/contract.ts';
import { kafka } from '#core/systems/kafka/index.ts';
import { spark } from '#core/systems/spark/index.ts';
import { tfjob } from '#core/systems/tfjob/index.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

/** Every system we know, in the order users see them. */
export const systems: readonly DataSystem[] = [cassandra, kafka, spark, tfjob];

export function findSystem(id: SystemId): DataSystem | undefined {
  return systems.find((system) => system.id === id);
}

/** The system a manifest belongs to; the first that is sure wins, and no two are sure of the same. */
export function recognizeDocument(facts: DocumentFacts): Recognition | undefined {
  for (const system of systems) {
    const found = system.recognize(facts);
    if (found) return found;
  }
  return undefined;
}

/** What we know of a kind by its group and name, whatever its version. */
export function findSystemKind(gvk: Pick<GroupVersionKind, 'group' | 'kind'>): SystemKind | undefined {
  return systems.flatMap(({ kinds }) => kinds).find(({ group, kind }) => group === gvk.group && kind === gvk.kind);
}

/** Group and kind of every object whose operator can be foretold. */
export function previewedKinds(): readonly string[] {
  return systems.flatMap(({ preview }) => preview?.kinds ?? []);
}

/** What an operator will create of an object; undefined for kinds and versions that nobody can foretell. */
export function foretell(object: ObjectView): Preview | undefined {
  return systems.find(({ preview }) => preview?.kinds.includes(object.groupKind))?.preview?.foretell(object);
}

/**
 * The settings that may stand as keys of a free-form map.
 *
 * @param path from the root of the document to the map itself: `['spec', 'kafka', 'config']`
 */
export function freeFormKnowledge(gvk: GroupVersionKind, path: YamlPath): KnowledgeTable | undefined {
  return freeFormPlace(gvk, path)?.table;
}

/** The free-form place at a path, with what tells the version of its settings. */
export function freeFormPlace(gvk: GroupVersionKind, path: YamlPath): FreeFormPlace | undefined {
  const places = placesByKind.get(`${gvk.group}/${gvk.kind}`);
  return places?.find(({ steps }) => matchesPath(steps, path))?.place;
}

/** All free-form places of a kind. */
export function freeFormPlaces(gvk: Pick<GroupVersionKind, 'group' | 'kind'>): readonly FreeFormPlace[] {
  return placesByKind.get(`${gvk.group}/${gvk.kind}`)?.map(({ place }) => place) ?? [];
}

/** The settings of a file that a ConfigMap holds under its name: `server.properties`, `cassandra.yaml`. */
export function fileKnowledge(name: string): ConfigurationFile | undefined {
  return systems.flatMap(({ knowledge }) => knowledge.files).find((file) => file.name === name);
}

/** The environment variables that a well-known image reads. */
export function environmentKnowledge(image: string): KnowledgeTable | undefined {
  return environmentOf(image)?.table;
}

/** What is known of a well-known image. */
export function environmentOf(image: string): ImageEnvironment | undefined {
  return systems
    .flatMap(({ knowledge }) => knowledge.environments)
    .find((environment) => environment.image.test(image));
}

interface ParsedPlace {
  readonly steps: readonly string[];
  readonly place: FreeFormPlace;
}

const placesByKind = groupPlaces(systems.flatMap(({ knowledge }) => knowledge.freeForm));

function groupPlaces(places: readonly FreeFormPlace[]): ReadonlyMap<string, readonly ParsedPlace[]> {
  const byKind = new Map<string, ParsedPlace[]>();
  for (const place of places) {
    const { group, kind, path } = place;
    const key = `${group}/${kind}`;
    const steps = path.replaceAll('[]', '.[]').split('.');
    byKind.set(key, [...(byKind.get(key) ?? []), { steps, place }]);
  }
  return byKind;
}

function matchesPath(steps: readonly string[], path: YamlPath): boolean {
  if (steps.length !== path.length) return false;
  return steps.every((step, index) => {
    const actual = path[index];
    return typeof actual === 'number' ? step === '[]' : step === '*' || step === actual;
  });
}
