import type { RuleLevel } from '#core/lint/settings.ts';

export const RULE_LEVELS: readonly RuleLevel[] = ['error', 'warning', 'hint', 'off'];

export function readRuleLevel(text: unknown): RuleLevel | undefined {
  return RULE_LEVELS.find((level) => level === text);
}

/** `1.34` out of `1.34`, `v1.34.4` or `1.34.4-eks-1`; undefined for anything that is no version. */
export function normalizeKubernetesVersion(text: string): string | undefined {
  const match = /^v?1\.(\d{1,2})(?:\.\d+)?(?:[-+][\w.+-]*)?$/.exec(text.trim());
  return match?.[1] === undefined ? undefined : `1.${Number(match[1])}`;
}
