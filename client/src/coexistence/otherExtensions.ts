import * as vscode from 'vscode';
import { settingName } from '#client/contributions.ts';
import {
  decideCoexistence,
  hasKubernetesSchemas,
  type CoexistencePolicy,
  type OtherExtensions,
} from '#client/coexistence/policy.ts';
import { readEditorSettings } from '#core/editorSettings.ts';
import { SETTINGS_SECTION } from '#core/settings.ts';

export const RED_HAT_YAML = 'redhat.vscode-yaml';
const KUBERNETES_TOOLS = 'ms-kubernetes-tools.vscode-kubernetes-tools';

/** The policy for the extensions and settings there are now. Asked again whenever `onDidChangeOthers` fires. */
export function currentPolicy(): CoexistencePolicy {
  const section: unknown = vscode.workspace.getConfiguration().get(SETTINGS_SECTION);
  return decideCoexistence(readEditorSettings(section).settings.coexistence, detectOthers());
}

function detectOthers(): OtherExtensions {
  const yaml = vscode.workspace.getConfiguration('yaml');
  return {
    redHatYaml: isEnabled(RED_HAT_YAML) && yaml.get<unknown>('validate') !== false,
    redHatKubernetesSchemas: hasKubernetesSchemas(yaml.get<unknown>('schemas')),
    kubernetesTools: isEnabled(KUBERNETES_TOOLS),
  };
}

/** Calls back when an extension or a setting changes that the policy depends on. */
export function onDidChangeOthers(callback: () => void): vscode.Disposable {
  const names = [settingName('coexistence'), 'yaml.validate', 'yaml.schemas'];
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(callback),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (names.some((name) => event.affectsConfiguration(name))) callback();
    }),
  );
}

function isEnabled(extensionId: string): boolean {
  return vscode.extensions.getExtension(extensionId) !== undefined;
}
