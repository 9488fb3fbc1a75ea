import type { ConfigProblem } from '#core/lint/config.ts';
import { normalizeKubernetesVersion, readRuleLevel, RULE_LEVELS } from '#core/lint/levels.ts';
import type { RuleLevel } from '#core/lint/settings.ts';
import { nearestName } from '#core/text/distance.ts';
import type { TextRange } from '#core/text/range.ts';
import {
  findEntry,
  resolveAlias,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type YamlNode,
} from '#core/yaml/nodes.ts';

/** Reads typed values out of a configuration tree and keeps a problem, with its place, for whatever does not fit. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];
  readonly #knownCodes: ReadonlySet<string>;

  constructor(knownCodes: ReadonlySet<string>) {
    this.#knownCodes = knownCodes;
  }

  report(message: string, range: TextRange): void {
    this.problems.push({ message, range });
  }

  mapOf(node: YamlNode, what: string): MapNode | undefined {
    const content = resolveAlias(node);
    if (content?.kind === 'map') return content;
    if (!isNull(content)) this.report(`${capitalize(what)} must be a map of keys and values.`, node.range);
    return undefined;
  }

  rejectUnknownKeys(map: MapNode, known: readonly string[]): void {
    for (const { key } of map.entries) {
      if (known.includes(key.text)) continue;
      const near = nearestName(key.text, known);
      const advice = near === undefined ? `Known keys are ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
      this.report(`\`${key.text}\` is no setting. ${advice}`, key.range);
    }
  }

  kubernetesVersion(map: MapNode, key: string): string | undefined {
    const scalar = this.#scalarAt(map, key);
    if (!scalar) return undefined;
    const version = normalizeKubernetesVersion(scalar.text);
    if (version === undefined) {
      this.report(
        `\`${scalar.text}\` is no version of Kubernetes. Write its minor version, as in "1.34".`,
        scalar.range,
      );
    }
    return version;
  }

  strings(map: MapNode, key: string): readonly string[] {
    return this.#itemsAt(map, key).flatMap((item) => {
      const content = resolveAlias(item);
      if (content?.kind === 'scalar' && content.text !== '') return [content.text];
      this.report(`Every item of \`${key}\` must be a text.`, item.range);
      return [];
    });
  }

  maps(map: MapNode, key: string): readonly MapNode[] {
    return this.#itemsAt(map, key).flatMap((item) => this.mapOf(item, `every item of \`${key}\``) ?? []);
  }

  /** Levels by rule code. YAML's own reading of `off` as false does not matter: the text counts. */
  rules(map: MapNode, key: string): Readonly<Record<string, RuleLevel>> {
    const value = findEntry(map, key)?.value;
    const rules = value && this.mapOf(value, `\`${key}\``);
    const entries = rules?.entries.flatMap((entry) => this.#rule(entry)) ?? [];
    return Object.fromEntries(entries);
  }

  #rule(entry: MapEntry): [string, RuleLevel][] {
    const code = entry.key.text;
    if (!this.#knownCodes.has(code)) {
      const near = nearestName(code, this.#knownCodes);
      const advice = near === undefined ? 'Run `data-clusters rules` for the list.' : `Did you mean \`${near}\`?`;
      this.report(`There is no rule \`${code}\`. ${advice}`, entry.key.range);
      return [];
    }
    const value = resolveAlias(entry.value);
    const level = value?.kind === 'scalar' ? readRuleLevel(value.text) : undefined;
    if (level !== undefined) return [[code, level]];
    this.report(`The level of ${code} must be one of ${RULE_LEVELS.join(', ')}.`, (entry.value ?? entry.key).range);
    return [];
  }

  #scalarAt(map: MapNode, key: string): ScalarNode | undefined {
    const node = findEntry(map, key)?.value;
    const content = resolveAlias(node);
    if (content?.kind === 'scalar') return isNull(content) ? undefined : content;
    if (node) this.report(`\`${key}\` must be a single value.`, node.range);
    return undefined;
  }

  #itemsAt(map: MapNode, key: string): readonly YamlNode[] {
    const node = findEntry(map, key)?.value;
    const content = resolveAlias(node);
    if (content?.kind === 'sequence') return content.items.flatMap((item) => item.value ?? []);
    if (node && !isNull(content)) this.report(`\`${key}\` must be a list.`, node.range);
    return [];
  }
}

function isNull(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value.type === 'null';
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
