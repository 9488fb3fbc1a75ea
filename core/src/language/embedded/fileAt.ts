import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { completeTable } from '#core/systems/completeTable.ts';
import type { ConfigurationFile } from '#core/systems/contract.ts';
import type { KnownPlace } from '#core/systems/knownPlace.ts';
import { fileKnowledge } from '#core/systems/registry.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

/** A file that stands as a text in a manifest, with everything that may be written in it. */
export interface EmbeddedFile extends KnownPlace {
  readonly format: ConfigurationFile['format'];
}

/** The file at a place: a key of a ConfigMap, or a field of a custom resource that holds a file. */
export function embeddedFileAt(
  { group, kind }: Pick<GroupVersionKind, 'group' | 'kind'>,
  path: YamlPath,
  catalogues: SettingCatalogues,
): EmbeddedFile | undefined {
  const file = fileKnowledge(fileNameAt(`${group}/${kind}`, path) ?? '');
  return file && { format: file.format, table: completeTable(file.table, catalogues), version: undefined };
}

function fileNameAt(groupKind: string, [holder, name, ...rest]: YamlPath): string | undefined {
  if (rest.length > 0 || typeof name !== 'string') return undefined;
  if (groupKind === '/ConfigMap' && holder === 'data') return name;
  const isBrokerFile = groupKind === 'kafka.banzaicloud.io/KafkaCluster' && holder === 'spec';
  return isBrokerFile && /^(?:readOnlyConfig|clusterWideConfig)$/.test(name) ? 'server.properties' : undefined;
}
