import { normalizeKubernetesVersion, readRuleLevel } from '#core/lint/levels.ts';
import { isRecord, SectionReader } from '#core/sectionReader.ts';
import type { LintSettings, RuleLevel } from '#core/lint/settings.ts';
import { NEWEST_KUBERNETES_VERSION } from '#core/lint/settings.ts';

export type Coexistence = 'auto' | 'full' | 'dataClustersOnly';

/** The settings of an editor, in the shape the server works with; see settings.ts for what each one means. */
export interface EditorSettings {
  readonly lint: LintSettings;
  /** Whether the version of Kubernetes is the user's; otherwise a chosen cluster may decide it. */
  readonly isVersionSet: boolean;
  readonly schemas: readonly string[];
  readonly ignore: readonly string[];
  readonly coexistence: Coexistence;
  readonly insertRequired: boolean;
  readonly codeLens: boolean;
}

export interface ParsedSettings {
  readonly settings: EditorSettings;
  /** One sentence for every value that cannot be used; the default counts instead. */
  readonly problems: readonly string[];
}

/** Reads the `dataClusters` section as a client sends it: nested objects or dotted keys, possibly nothing at all. */
export function readEditorSettings(section: unknown): ParsedSettings {
  const reader = new SectionReader(section);
  const settings: EditorSettings = {
    lint: { kubernetesVersion: readVersion(reader), rules: readRules(reader) },
    isVersionSet: typeof reader.value('kubernetesVersion') === 'string' && reader.value('kubernetesVersion') !== '',
    schemas: reader.strings('schemas'),
    ignore: reader.strings('ignore'),
    coexistence: readCoexistence(reader),
    insertRequired: reader.boolean('completion.insertRequired', true),
    codeLens: reader.boolean('codeLens.enabled', true),
  };
  return { settings, problems: reader.problems };
}

function readVersion(reader: SectionReader): string {
  const text = reader.value('kubernetesVersion');
  if (text === undefined || text === '') return NEWEST_KUBERNETES_VERSION;
  const version = typeof text === 'string' ? normalizeKubernetesVersion(text) : undefined;
  if (version === undefined) reader.refuse('kubernetesVersion', 'a minor version such as 1.34');
  return version ?? NEWEST_KUBERNETES_VERSION;
}

function readRules(reader: SectionReader): Readonly<Record<string, RuleLevel>> {
  const value = reader.value('rules');
  if (value === undefined) return {};
  if (!isRecord(value)) {
    reader.refuse('rules', 'an object of rule codes and levels');
    return {};
  }
  const rules: Record<string, RuleLevel> = {};
  for (const [code, text] of Object.entries(value)) {
    const level = readRuleLevel(text);
    if (level === undefined) reader.refuse(`rules.${code}`, 'error, warning, hint or off');
    else rules[code] = level;
  }
  return rules;
}

function readCoexistence(reader: SectionReader): Coexistence {
  const value = reader.value('coexistence');
  if (value === 'full' || value === 'dataClustersOnly') return value;
  if (value !== undefined && value !== 'auto') reader.refuse('coexistence', 'auto, full or dataClustersOnly');
  return 'auto';
}
