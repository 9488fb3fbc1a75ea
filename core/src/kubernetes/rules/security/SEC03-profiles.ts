import type { NameCheck } from '#core/kubernetes/names.ts';
import { reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import { allContexts } from '#core/kubernetes/rules/security/contexts.ts';
import { checkRelativePath } from '#core/kubernetes/rules/volume/paths.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const checkAppArmorName: NameCheck = (name) =>
  name.trim() === name ? undefined : 'has blanks at its beginning or end';

interface ProfileKind {
  readonly name: string;
  readonly check: NameCheck;
  /** Whether an empty localhostProfile counts as none. */
  readonly needsText: boolean;
}

const PROFILES: Readonly<Record<string, ProfileKind>> = {
  seccompProfile: { name: 'seccomp', check: checkRelativePath, needsText: false },
  appArmorProfile: { name: 'AppArmor', check: checkAppArmorName, needsText: true },
};

export const profiles: PodRule = {
  id: 'SEC03',
  title: 'A seccomp or AppArmor profile contradicts its type',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateSeccompProfileField and ValidateAppArmorProfileField, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Of the three types only Localhost means a profile of the node, so it needs localhostProfile and the others must not have it. A seccomp
profile is a file below the directory of the kubelet: its path is relative and has no ".." in it.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const context of allContexts(pod)) {
      for (const [field, kind] of Object.entries(PROFILES)) checkProfile(context.field(field), kind, report);
    }
  },
};

function checkProfile(profile: NodeView, { name, check, needsText }: ProfileKind, report: Report): void {
  const [type, local] = [profile.field('type'), profile.field('localhostProfile')];
  reportMissing(type, `type of the ${name} profile`, report);
  if (type.text === undefined || type.text === '') return;
  if (type.text !== 'Localhost') {
    if (!local.isPresent || profile.isOpen) return;
    const message = `localhostProfile is for the type Localhost only, but the type is ${type.text}.`;
    report({ at: local, cause: 'invalid', message });
  } else if (local.isAbsent || (needsText && local.text?.trim() === '')) {
    const message = `The type Localhost needs localhostProfile: the ${name} profile on the node.`;
    report({ at: local, cause: 'required', message });
  } else reportMalformed(local, 'profile', check, report);
}
