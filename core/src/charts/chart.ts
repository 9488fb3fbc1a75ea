import { CHART_FILE, LOCK_FILES, roleInChart, SCHEMA_FILE, VALUES_FILE } from '#core/charts/chartFiles.ts';
import { readDependencies, type ChartDependency } from '#core/charts/dependencies.ts';
import { toJson } from '#core/charts/values/json.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { textAt, type YamlNode } from '#core/yaml/nodes.ts';
import { parseDocumentText, type YamlDocument } from '#core/yaml/parse.ts';
import { resolveUri } from '#core/workspace/uri.ts';

/** The files of a chart that say something of the others. */
export interface ChartSource {
  /** URI of its folder, without a slash at its end. */
  readonly folderUri: string;
  /** Texts by path from the folder: `values.yaml`, `charts/redis/Chart.yaml`. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names of packed charts in `charts`, such as `redis-19.0.1.tgz`. */
  readonly archives: readonly string[];
  /** SHA-256 of a UTF-8 text, in lower-case hexadecimal digits. */
  readonly digest: (text: string) => string;
}

/** A Helm chart as its files are now; each file is read when it is first asked for. */
export class Chart {
  readonly source: ChartSource;
  /** The chart it is unpacked into, as a dependency. */
  readonly isInside: boolean;
  readonly #documents = new Map<string, YamlDocument | undefined>();
  #subcharts: ReadonlyMap<string, Chart> | undefined;
  #schema: { readonly value: unknown } | undefined;

  constructor(source: ChartSource, isInside = false) {
    this.source = source;
    this.isInside = isInside;
  }

  /** The same chart with another text of one file. */
  with(path: string, text: string): Chart {
    if (this.source.texts.get(path) === text) return this;
    return new Chart({ ...this.source, texts: new Map([...this.source.texts, [path, text]]) }, this.isInside);
  }

  text(path: string): string | undefined {
    return this.source.texts.get(path);
  }

  uriOf(path: string): string {
    return resolveUri(this.source.folderUri, path);
  }

  /** A YAML file, read; undefined when it is not there. */
  document(path: string): YamlDocument | undefined {
    if (this.#documents.has(path)) return this.#documents.get(path);
    const text = this.text(path);
    const document = text === undefined ? undefined : parseDocumentText(text);
    this.#documents.set(path, document);
    return document;
  }

  root(path: string): YamlNode | undefined {
    return this.document(path)?.root;
  }

  get name(): string {
    return textAt(this.root(CHART_FILE), ['name']) ?? '';
  }

  get version(): string {
    return textAt(this.root(CHART_FILE), ['version']) ?? '';
  }

  get folderName(): string {
    return decodeURIComponent(this.source.folderUri.slice(this.source.folderUri.lastIndexOf('/') + 1));
  }

  get isLibrary(): boolean {
    return textAt(this.root(CHART_FILE), ['type']) === 'library';
  }

  /** Undefined as long as one of its files cannot be read. */
  get values(): JsonObject | undefined {
    return this.valuesIn(VALUES_FILE);
  }

  /** What a file of values says; empty when it is not there or says nothing, undefined when it cannot be read. */
  valuesIn(path: string): JsonObject | undefined {
    const document = this.document(path);
    if (!document) return {};
    if (document.problems.length > 0) return undefined;
    const value = toJson(document.root);
    return value === null ? {} : isObject(value) ? value : undefined;
  }

  /** Every file of values, `values.yaml` first. */
  get valuesFiles(): readonly string[] {
    const others = [...this.source.texts.keys()].filter((path) => roleInChart(path) === 'moreValues');
    return this.text(VALUES_FILE) === undefined ? others : [VALUES_FILE, ...others];
  }

  /** The schema of its values; undefined when there is none that can be read. */
  get schema(): unknown {
    this.#schema ??= { value: readJson(this.text(SCHEMA_FILE)) };
    return this.#schema.value;
  }

  /** What it depends on, by `Chart.yaml` and, as Helm still allows, `requirements.yaml`, which then counts alone. */
  get dependencies(): readonly ChartDependency[] {
    return readDependencies(this.root(this.dependencyFile));
  }

  get dependencyFile(): string {
    return this.text('requirements.yaml') === undefined ? CHART_FILE : 'requirements.yaml';
  }

  get lockFile(): string | undefined {
    return LOCK_FILES.findLast((path) => this.text(path) !== undefined);
  }

  /** The charts unpacked in `charts`, by the name of their folder. */
  get subcharts(): ReadonlyMap<string, Chart> {
    return (this.#subcharts ??= this.#readSubcharts());
  }

  /** The unpacked chart of a dependency. */
  subchartOf({ name }: ChartDependency): Chart | undefined {
    return [...this.subcharts.values()].find((chart) => chart.name === name);
  }

  #readSubcharts(): ReadonlyMap<string, Chart> {
    const texts = new Map<string, Map<string, string>>();
    for (const [path, text] of this.source.texts) {
      const [, folder, rest] = /^charts\/([^/]+)\/(.+)$/.exec(path) ?? [];
      if (folder === undefined || rest === undefined || /^[._]/.test(folder)) continue;
      const inside = texts.get(folder) ?? new Map<string, string>();
      texts.set(folder, inside.set(rest, text));
    }
    return new Map(
      [...texts]
        .filter(([, inside]) => inside.has(CHART_FILE))
        .map(([folder, inside]) => [
          folder,
          new Chart({ ...this.source, folderUri: this.uriOf(`charts/${folder}`), texts: inside, archives: [] }, true),
        ]),
    );
  }
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
