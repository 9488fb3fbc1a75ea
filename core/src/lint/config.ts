import { ConfigReader } from '#core/lint/configReader.ts';
import type { LintSettings, RuleLevel } from '#core/lint/settings.ts';
import type { TextRange } from '#core/text/range.ts';
import type { MapNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** The file that sets rules for everything below its folder; the nearest one up the tree counts, alone. */
export const CONFIG_FILE_NAME = '.data-clusters.yaml';

/** What a `.data-clusters.yaml` can say. Paths and globs are relative to its folder. */
export interface ProjectConfig {
  readonly kubernetesVersion?: string;
  /** Files or folders with CRDs. */
  readonly schemas: readonly string[];
  readonly rules: Readonly<Record<string, RuleLevel>>;
  /** Globs of files that are not checked. */
  readonly ignore: readonly string[];
  /** Applied in order, later ones win. */
  readonly overrides: readonly ConfigOverride[];
}

export interface ConfigOverride {
  readonly files: readonly string[];
  readonly kubernetesVersion?: string;
  readonly rules: Readonly<Record<string, RuleLevel>>;
}

/** Something a configuration file says that cannot be used. `range` is in the text of that file. */
export interface ConfigProblem {
  readonly message: string;
  readonly range: TextRange;
}

export interface ParsedConfig {
  /** Everything that could be used; what has a problem is left out. */
  readonly config: ProjectConfig;
  readonly problems: readonly ConfigProblem[];
}

/** Whether a path, relative to the configuration's folder and with forward slashes, is meant by a glob. */
export type GlobMatcher = (path: string, globs: readonly string[]) => boolean;

export const emptyConfig: ProjectConfig = { schemas: [], rules: {}, ignore: [], overrides: [] };

/** Reads a configuration file. @param knownCodes the rule codes that exist */
export function parseProjectConfig(text: string, knownCodes: ReadonlySet<string>): ParsedConfig {
  const document = parseDocumentText(text);
  const reader = new ConfigReader(knownCodes);
  for (const { message, range } of document.problems) reader.report(`This is not YAML: ${message}`, range);
  const root = document.root && reader.mapOf(document.root, 'the file');
  return { config: root ? readConfig(root, reader) : emptyConfig, problems: reader.problems };
}

/** The settings for one file: the base, then what the configuration says, then its overrides that name the file. */
export function settingsForFile(
  base: LintSettings,
  config: ProjectConfig,
  path: string,
  matches: GlobMatcher,
): LintSettings {
  const layers = [config, ...config.overrides.filter((override) => matches(path, override.files))];
  let settings = base;
  for (const layer of layers) {
    settings = {
      ...settings,
      kubernetesVersion: layer.kubernetesVersion ?? settings.kubernetesVersion,
      rules: { ...settings.rules, ...layer.rules },
    };
  }
  return settings;
}

function readConfig(root: MapNode, reader: ConfigReader): ProjectConfig {
  reader.rejectUnknownKeys(root, ['kubernetesVersion', 'schemas', 'rules', 'ignore', 'overrides']);
  const version = reader.kubernetesVersion(root, 'kubernetesVersion');
  return {
    ...(version === undefined ? {} : { kubernetesVersion: version }),
    schemas: reader.strings(root, 'schemas'),
    rules: reader.rules(root, 'rules'),
    ignore: reader.strings(root, 'ignore'),
    overrides: reader.maps(root, 'overrides').map((override) => readOverride(override, reader)),
  };
}

function readOverride(map: MapNode, reader: ConfigReader): ConfigOverride {
  reader.rejectUnknownKeys(map, ['files', 'kubernetesVersion', 'rules']);
  const version = reader.kubernetesVersion(map, 'kubernetesVersion');
  const files = reader.strings(map, 'files');
  if (files.length === 0)
    reader.report('An override needs `files`, a list of globs that say where it counts.', map.range);
  return {
    ...(version === undefined ? {} : { kubernetesVersion: version }),
    files,
    rules: reader.rules(map, 'rules'),
  };
}
