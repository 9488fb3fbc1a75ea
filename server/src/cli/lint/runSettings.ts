import { dirname, resolve } from 'node:path';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { readPatchPaths } from '#core/lint/kustomization.ts';
import type { FilePlace } from '#core/lint/role.ts';
import type { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { SchemaCatalog, type KindSchema } from '#core/schema/catalog.ts';
import { mayHoldCrd, readCrdText } from '#core/schema/crdText.ts';
import { LineIndex } from '#core/text/lines.ts';
import { DocumentParser } from '#core/yaml/documents.ts';
import type { LintOptions } from '#server/cli/arguments.ts';
import { CliError } from '#server/cli/errors.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { displayName, type LintInput } from '#server/cli/lint/targets.ts';
import type { LintText } from '#server/cli/lint/texts.ts';
import { Charts } from '#server/charts.ts';
import { EngineCache } from '#server/engineCache.ts';
import { isKustomization, Kustomizations } from '#server/kustomizations.ts';
import { applyConfig, isIgnored, ProjectConfigs, type LoadedConfig } from '#server/projectConfigs.ts';
import { readCrdPaths } from '#server/schemas/crdFiles.ts';

/** The configuration of a run, before its files are read. */
export interface RunSettings {
  isIgnored(input: LintInput): boolean;
  loadSchemas(texts: readonly LintText[]): Promise<RunSchemas>;
}

/** Everything a run needs to check a file. */
export interface RunSchemas {
  engineFor(input: LintInput): LintEngine;
  placeOf(input: LintInput): FilePlace;
  /** Reads the texts, once for all who read them. */
  readonly parser: DocumentParser;
  /** Schemas that were named and could not be used. */
  readonly problems: readonly string[];
}

/** Finds the configuration of every input. @throws CliError for a configuration that is not there or has a mistake */
export async function loadRunSettings(
  inputs: readonly LintInput[],
  options: LintOptions,
  world: LintWorld,
): Promise<RunSettings> {
  const configs = await findConfigs(inputs, options, world);
  for (const config of new Set(configs.values())) if (config) rejectProblems(config, world.terminal.cwd);
  return {
    isIgnored: (input) => isIgnored(configs.get(input), input.path),
    loadSchemas: (texts) => loadSchemas(texts, configs, options, world),
  };
}

type ConfigByInput = ReadonlyMap<LintInput, LoadedConfig | undefined>;

async function findConfigs(
  inputs: readonly LintInput[],
  options: LintOptions,
  world: LintWorld,
): Promise<ConfigByInput> {
  const projects = new ProjectConfigs(world.files, world.knownCodes);
  if (options.config !== undefined) {
    const config = await projects.load(resolve(world.terminal.cwd, options.config));
    if (!config)
      throw new CliError(`The configuration ${options.config} cannot be read.`, 'Check the path given to --config.');
    return new Map(inputs.map((input) => [input, config]));
  }
  const found = new Map<LintInput, LoadedConfig | undefined>();
  for (const input of inputs) found.set(input, await projects.findFor(input.path));
  return found;
}

function rejectProblems({ path, text, problems }: LoadedConfig, cwd: string): void {
  if (problems.length === 0) return;
  const lines = new LineIndex(text);
  const list = problems.map(({ message, range }) => {
    const { line, character } = lines.positionAt(range.start);
    return `  ${line + 1}:${character + 1} ${message}`;
  });
  throw new CliError(`${displayName(cwd, path)} cannot be used:\n${list.join('\n')}`);
}

async function loadSchemas(
  texts: readonly LintText[],
  configs: ConfigByInput,
  options: LintOptions,
  world: LintWorld,
): Promise<RunSchemas> {
  const bundled = await world.bundled();
  const linted = texts.flatMap(readLintedCrds);
  const named = await readCrdPaths(
    options.schemas.map((path) => resolve(world.terminal.cwd, path)),
    world.files,
  );
  const problems = [...named.problems];
  const catalogs = new Map<LoadedConfig | undefined, SchemaCatalog>();
  for (const config of new Set([...configs.values(), undefined])) {
    const paths = config?.config.schemas.map((path) => resolve(config.folder, path)) ?? [];
    const own = await readCrdPaths(paths, world.files);
    problems.push(...own.problems);
    catalogs.set(config, new SchemaCatalog([named, own, { kinds: linted }, bundled]));
  }
  const kustomizations = new Kustomizations(world.files);
  const patches = new Set<LintInput>();
  const patchPaths = new Set(texts.flatMap(namedPatches));
  for (const { input } of texts) {
    if (patchPaths.has(input.path) || (await kustomizations.isPatch(input.path))) patches.add(input);
  }
  const charts = new Charts(world.files);
  const chartPlaces = new Map<LintInput, ChartPlace>();
  for (const { input } of texts) {
    const place = await charts.placeOf(input.path);
    if (place) chartPlaces.set(input, place);
  }
  const parser = new DocumentParser(PARSED_DOCUMENTS);
  const engines = new EngineCache(parser);
  const base = defaultLintSettings;
  return {
    problems: problems.map((problem) => `a schema cannot be used: ${problem}`),
    parser,
    placeOf: (input) => ({ path: input.path, isPatch: patches.has(input), chart: chartPlaces.get(input) }),
    engineFor: (input) => {
      const config = configs.get(input);
      const settings = applyConfig(base, config, input.path);
      const kubernetesVersion = options.kubernetesVersion ?? settings.kubernetesVersion;
      const catalog = catalogs.get(config) ?? new SchemaCatalog([bundled]);
      return engines.get(catalog, { ...settings, kubernetesVersion });
    },
  };
}

/** So many that an ordinary run parses each document once. */
const PARSED_DOCUMENTS = 10_000;

/** Files that a kustomization of the run names as patches, in whatever folder they are. */
function namedPatches({ input, content }: LintText): readonly string[] {
  if (content.kind === 'problem' || !isKustomization(input.path)) return [];
  return readPatchPaths(content.text).map((path) => resolve(dirname(input.path), path));
}

/** Definitions among the checked files describe the objects beside them. */
function readLintedCrds({ input, content }: LintText): readonly KindSchema[] {
  if (content.kind === 'problem' || !mayHoldCrd(content.text)) return [];
  return readCrdText(content.text, { origin: 'workspace', name: input.name }).kinds;
}
