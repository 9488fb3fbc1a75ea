import type { ClusterDefinition } from '#core/protocol.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { listAt, objectAt, textAt } from '#core/live/reading.ts';
import { systems } from '#core/systems/registry.ts';

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
  const known = new Set([...systems.flatMap(({ kinds }) => kinds.map(({ group }) => group)), ...groups]);
  const wanted = objects.filter((object) => known.has(textAt(object, 'spec', 'group')));
  const problems: string[] = [];
  const definitions = wanted.slice(0, MOST_DEFINITIONS).flatMap((object): ClusterDefinition[] => {
    const name = textAt(object, 'metadata', 'name');
    const json = JSON.stringify({ kind: 'CustomResourceDefinition', spec: describingPart(object) });
    if (json.length <= LONGEST_DEFINITION) return [{ name, json }];
    problems.push(`${name} is too long to be used`);
    return [];
  });
  if (wanted.length > MOST_DEFINITIONS)
    problems.push(`only ${MOST_DEFINITIONS} of ${wanted.length} definitions are used`);
  return { definitions, problems };
}

function describingPart(object: JsonObject): JsonObject {
  const spec = objectAt(object, 'spec');
  const versions = listAt(spec, 'versions').map((version) => {
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
