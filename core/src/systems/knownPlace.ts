import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { completeTable } from '#core/systems/completeTable.ts';
import type { FreeFormPlace, ImageEnvironment, KnowledgeTable } from '#core/systems/contract.ts';
import { repositoryOf } from '#core/systems/recognition.ts';
import { environmentOf, freeFormPlace } from '#core/systems/registry.ts';
import { minorOf } from '#core/systems/settingVersions.ts';
import { textAt, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';

/** What may be written in one place of a manifest. */
export interface KnownPlace {
  /** With all settings of the system. */
  readonly table: KnowledgeTable;
  /** Minor version of the system that the manifest asks for, where it says so. */
  readonly version: string | undefined;
}

/**
 * The settings that may stand as keys of a free-form map of an object.
 *
 * @param root the object; @param path from there to the map
 */
export function knownMapAt(
  gvk: GroupVersionKind,
  root: YamlNode | undefined,
  path: YamlPath,
  catalogues: SettingCatalogues,
): KnownPlace | undefined {
  const place = freeFormPlace(gvk, path);
  if (!place) return undefined;
  // Another product than the one whose settings we know still shares most of them, so what is known is told.
  return { table: completeTable(place.table, catalogues), version: versionAt(place, root, path) };
}

/** The variables a container may set, by its image. */
export function knownVariables(image: string, catalogues: SettingCatalogues): KnownPlace | undefined {
  const environment = environmentOf(image);
  if (!environment) return undefined;
  return { table: completeTable(environment.table, catalogues), version: versionOfImage(environment, image) };
}

/** Whether a manifest says that its settings are those of another product: HCD and DSE beside Cassandra. */
export function isOtherProduct({ onlyFor }: FreeFormPlace, root: YamlNode | undefined, path: YamlPath): boolean {
  if (!onlyFor) return false;
  const found = textAt(root, resolvePattern(onlyFor.path, path));
  return found !== undefined && found !== onlyFor.value;
}

export function versionAt({ version }: FreeFormPlace, root: YamlNode | undefined, path: YamlPath): string | undefined {
  for (const pattern of version ?? []) {
    const found = textAt(root, resolvePattern(pattern, path));
    if (found !== undefined) return minorOf(found);
  }
  return undefined;
}

export function versionOfImage({ versionShift = 0 }: ImageEnvironment, image: string): string | undefined {
  const [name = ''] = image.split('@');
  const tag = name.slice(name.indexOf(repositoryOf(image)) + repositoryOf(image).length + 1);
  const minor = minorOf(tag);
  if (minor === undefined || versionShift === 0) return minor;
  const [major = '', rest = ''] = minor.split('.');
  return `${Number(major) + versionShift}.${rest}`;
}

/** A pattern whose lists have the indexes of a path that begins alike. */
function resolvePattern(pattern: string, path: YamlPath): YamlPath {
  const steps = pattern.replaceAll('[]', '.[]').split('.');
  return steps.map((step, index) => (step === '[]' ? (path[index] ?? 0) : step));
}
