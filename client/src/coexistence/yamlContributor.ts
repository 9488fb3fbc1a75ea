import * as vscode from 'vscode';
import { RED_HAT_YAML } from '#client/coexistence/otherExtensions.ts';
import { isOwnedText, ownedTextPattern } from '#client/coexistence/ownership.ts';
import type { Log } from '#core/ports.ts';

/** Red Hat YAML asks a contributor for content by the scheme of the address it gave, so the name is the scheme. */
const CONTRIBUTOR = 'data-clusters';
const SCHEMA_ADDRESS = `${CONTRIBUTOR}://schemas/checked-by-data-clusters.json`;

/** Allows everything. The title is what Red Hat YAML shows as the schema of the file. */
const PERMISSIVE_SCHEMA = JSON.stringify({
  title: 'Checked by Data Clusters for Kubernetes',
});

interface YamlExtensionApi {
  registerContributor(
    name: string,
    requestSchema: (resource: string) => string | undefined,
    requestSchemaContent: (address: string) => string,
    label?: string,
  ): boolean;
}

/**
 * Tells Red Hat YAML that it need not check the files that are ours. It has no way to take that back before the window
 * is reloaded. Its settings are not touched.
 */
export async function claimOurFiles(log: Log): Promise<void> {
  const extension = vscode.extensions.getExtension<unknown>(RED_HAT_YAML);
  if (!extension) return;
  const api: unknown = await extension.activate();
  if (!isYamlExtensionApi(api)) {
    log.warn('This version of Red Hat YAML takes no schemas from others, so it may repeat findings.');
    return;
  }
  const claimed = api.registerContributor(CONTRIBUTOR, requestSchema, () => PERMISSIVE_SCHEMA, ownedTextPattern);
  if (claimed) log.info('Red Hat YAML leaves files with custom resources of data clusters to us.');
}

function requestSchema(resource: string): string | undefined {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === resource);
  return document && isOwnedText(document.getText()) ? SCHEMA_ADDRESS : undefined;
}

function isYamlExtensionApi(value: unknown): value is YamlExtensionApi {
  return (
    typeof value === 'object' &&
    value !== null &&
    'registerContributor' in value &&
    typeof value.registerContributor === 'function'
  );
}
