import { resolve } from 'node:path';
import type { FilePlace } from '#core/lint/role.ts';
import type { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import type { WorkspacePlace } from '#core/lint/workspaceCheck.ts';
import { SchemaCatalog, type KindSchema } from '#core/schema/catalog.ts';
import { mayHoldCrd, readCrdText } from '#core/schema/crdText.ts';
import { LineIndex } from '#core/text/lines.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { DocumentParser } from '#core/yaml/documents.ts';
import type { LintOptions } from '#server/cli/arguments.ts';
import { CliError } from '#server/cli/errors.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { displayName, type LintInput } from '#server/cli/lint/targets.ts';
import type { LintText } from '#server/cli/lint/texts.ts';
import { EngineCache } from '#server/engineCache.ts';
import { Kustomizations } from '#server/kustomizations.ts';
import { applyConfig, isIgnored, ProjectConfigs, type LoadedConfig } from '#server/projectConfigs.ts';
import { readCrdPaths } from '#server/schemas/crdFiles.ts';
import { uriOfPath } from '#server/uris.ts';

/** The configuration of a run, before its files are read. */
export interface RunSettings {
  isIgnored(input: LintInput): boolean;
  loadSchemas(texts: readonly LintText[]): Promise<RunSchemas>;
}

/** Everything a run needs to check a file. */
export interface RunSchemas {
  engineFor(input: LintInput): LintEngine;
  placeOf(input: LintInput): FilePlace;
  /** The other files of the run, as rules about objects among others see them. */
  workspaceOf(input: LintInput): WorkspacePlace;
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
  for (const { input } of texts) if (await kustomizations.isPatch(input.path)) patches.add(input);
  const parser = new DocumentParser(PARSED_DOCUMENTS);
  const engines = new EngineCache(parser);
  const index = indexTexts(texts, parser);
  const base = defaultLintSettings;
  return {
    problems: problems.map((problem) => `a schema cannot be used: ${problem}`),
    workspaceOf: ({ path }) => ({ uri: uriOfPath(path), index }),
    placeOf: (input) => ({
      path: input.path,
      isPatch: patches.has(input) || index.graph.patchFiles.has(uriOfPath(input.path)),
    }),
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

function indexTexts(texts: readonly LintText[], parser: DocumentParser): WorkspaceIndex {
  const index = new WorkspaceIndex(parser);
  for (const { input, content } of texts) if (content.kind === 'text') index.edit(uriOfPath(input.path), content.text);
  return index;
}

/** Definitions among the checked files describe the objects beside them. */
function readLintedCrds({ input, content }: LintText): readonly KindSchema[] {
  if (content.kind === 'problem' || !mayHoldCrd(content.text)) return [];
  return readCrdText(content.text, { origin: 'workspace', name: input.name }).kinds;
}
