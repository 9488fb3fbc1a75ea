import { LintEngine } from '#core/lint/engine.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import type { DocumentParser } from '#core/yaml/documents.ts';
import { loadConditions } from '#server/conditions.ts';

/** One engine per catalog and settings, so that files which are set alike share what is known of their documents. */
export class EngineCache {
  readonly #engines = new WeakMap<SchemaCatalog, Map<string, LintEngine>>();
  readonly #parser: DocumentParser;

  /** @param parser shared by all engines, and with the index of the workspace */
  constructor(parser: DocumentParser) {
    this.#parser = parser;
  }

  get(catalog: SchemaCatalog, settings: LintSettings): LintEngine {
    const engines = this.#engines.get(catalog) ?? new Map<string, LintEngine>();
    this.#engines.set(catalog, engines);
    const key = describeSettings(settings);
    const engine = engines.get(key) ?? new LintEngine({ catalog, settings, loadConditions }, this.#parser);
    engines.set(key, engine);
    return engine;
  }
}

function describeSettings(settings: LintSettings): string {
  const rules = Object.entries(settings.rules).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([settings.kubernetesVersion, rules]);
}
