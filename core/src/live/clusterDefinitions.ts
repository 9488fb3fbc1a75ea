import type { ClusterDefinition } from '#core/protocol.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { listAt, objectAt, textAt } from '#core/live/reading.ts';
import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { sparkKinds } from '#core/systems/spark/kinds.ts';
import { tfjobKinds } from '#core/systems/tfjob/kinds.ts';

/** Not from the registry: that brings every rule along, and the editor has to load this file. */
const systemGroups: readonly string[] = [cassandraKinds, kafkaKinds, sparkKinds, tfjobKinds].flatMap((kinds) =>
  kinds.map(({ group }) => group),
);

/** Most definitions that are sent to the language server; more than any cluster has of the groups that count. */
const MOST_DEFINITIONS = 400;

/** Longest definition as JSON, in UTF-16 units; servers keep nothing longer than 1.5 MiB. */
const LONGEST_DEFINITION = 4 * 1024 * 1024;

export interface ChosenDefinitions {
  readonly definitions: readonly ClusterDefinition[];
  /** Definitions that are left out, with the reason. */
  readonly problems: readonly string[];
}

/**
 * The definitions of a cluster that manifests here may need: those of the systems' groups and of groups that the workspace names. Only
 * what describes the kinds is kept.
 *
 * @param objects CustomResourceDefinition objects
 * @param groups further groups, as they stand in the manifests that are open
 */
export function chooseDefinitions(objects: readonly JsonObject[], groups: ReadonlySet<string>): ChosenDefinitions {
  const known = new Set([...systemGroups, ...groups]);
  const wanted = objects.filter((object) => known.has(textAt(object, 'spec', 'group')));
  const problems: string[] = [];
  const definitions = wanted.slice(0, MOST_DEFINITIONS).flatMap((object): ClusterDefinition[] => {
    const name = textAt(object, 'metadata', 'name');
    const described = describingPart(object);
    if (described.versions.length === 0) return [];
    const json = JSON.stringify({ kind: 'CustomResourceDefinition', spec: described });
    if (json.length <= LONGEST_DEFINITION) return [{ name, json }];
    problems.push(`${name} is too long to be used`);
    return [];
  });
  if (wanted.length > MOST_DEFINITIONS)
    problems.push(`only ${MOST_DEFINITIONS} of ${wanted.length} definitions are used`);
  return { definitions, problems };
}

/** A version whose schema names no fields takes anything: what is bundled knows more of it, so that it is left out. */
function describingPart(object: JsonObject): JsonObject & { readonly versions: readonly unknown[] } {
  const spec = objectAt(object, 'spec');
  const versions = listAt(spec, 'versions')
    .filter((version) => Object.keys(objectAt(version, 'schema', 'openAPIV3Schema', 'properties')).length > 0)
    .map((version) => {
      const { name, served, storage, deprecated, deprecationWarning, schema } = objectAt(version);
      return { name, served, storage, deprecated, deprecationWarning, schema };
    });
  return { group: spec['group'], names: spec['names'], scope: spec['scope'], versions };
}

/** The API groups that the apiVersions in a text name, without reading it as YAML. */
export function groupsNamedIn(text: string): readonly string[] {
  const found = text.matchAll(/^[ \t]*(?:-[ \t]+)?["']?apiVersion["']?[ \t]*:[ \t]*["']?([\w.-]+)\/[\w-]+/gm);
  return [...new Set([...found].map(([, group = '']) => group))];
}
