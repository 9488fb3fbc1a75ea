import type { Severity } from '#core/lint/finding.ts';

export type RuleLevel = Severity | 'off';

/** What a user can set about findings; the same in the editor, on the command line and in `.data-clusters.yaml`. */
export interface LintSettings {
  /** Kubernetes minor the findings are for, `1.34`. */
  readonly kubernetesVersion: string;
  /** Level by rule code; a rule that is not named keeps its own severity. */
  readonly rules: Readonly<Record<string, RuleLevel>>;
}

/** The newest Kubernetes minor whose kinds and rules are known. */
export const NEWEST_KUBERNETES_VERSION = '1.34';

export const defaultLintSettings: LintSettings = {
  kubernetesVersion: NEWEST_KUBERNETES_VERSION,
  rules: {},
};
