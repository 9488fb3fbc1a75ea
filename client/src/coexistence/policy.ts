import type { Coexistence } from '#core/editorSettings.ts';

/** What is known of the other extensions that check YAML in this editor. */
export interface OtherExtensions {
  /** Red Hat YAML is installed and its setting `yaml.validate` is on. */
  readonly redHatYaml: boolean;
  /** One of its `yaml.schemas` is about Kubernetes, so it checks manifests and not only YAML. */
  readonly redHatKubernetesSchemas: boolean;
  /** The Kubernetes extension, which hands schemas of all built-in kinds to Red Hat YAML. */
  readonly kubernetesTools: boolean;
}

/**
 * Who reports what, so that a fault is reported once.
 * - A file with custom resources of data clusters is ours: a permissive schema tells Red Hat YAML that it need not check it.
 * - Other manifests belong to the other extension when it has schemas for them; the server leaves them out.
 * - Plain YAML errors of a file are shown by both parsers in any case, so ours give way line by line.
 */
export interface CoexistencePolicy {
  /** Told to the server as `otherValidators`. */
  readonly otherValidators: boolean;
  /** Register a permissive schema for our files with Red Hat YAML. */
  readonly claimOurFiles: boolean;
  /** Leave a syntax error out on lines where Red Hat YAML reports one. */
  readonly yieldSyntax: boolean;
}

/** The setting `full` asks for everything from us and leaves the other extensions alone. */
export function decideCoexistence(setting: Coexistence, others: OtherExtensions): CoexistencePolicy {
  const otherValidators = others.redHatYaml && (others.kubernetesTools || others.redHatKubernetesSchemas);
  const shared = others.redHatYaml && setting !== 'full';
  return { otherValidators, claimOurFiles: shared, yieldSyntax: shared };
}

/**
 * Whether the setting `yaml.schemas` of Red Hat YAML brings schemas for manifests. Its keys are the word `kubernetes`
 * or addresses and paths of schemas; its values are globs.
 */
export function hasKubernetesSchemas(yamlSchemas: unknown): boolean {
  if (typeof yamlSchemas !== 'object' || yamlSchemas === null) return false;
  return Object.entries(yamlSchemas).some(([schema, globs]) => /kubernetes/i.test(schema) && hasGlobs(globs));
}

function hasGlobs(globs: unknown): boolean {
  return Array.isArray(globs) ? globs.length > 0 : typeof globs === 'string' && globs !== '';
}
