import type { Occurrence } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { UNKNOWN_VALUE } from '#core/workspace/values.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

export interface GoverningService {
  readonly reference: Occurrence;
  /** Every Service that may be meant; at least one. */
  readonly services: readonly IndexedObject[];
}

/** What `spec.serviceName` leads to; undefined when that is not in the workspace, or may be another one in the end. */
export function governingService(workspace: WorkspaceView): GoverningService | undefined {
  const reference = workspace.self.occurrences.find(({ role, target }) => role === 'reference' && target === 'Service');
  const services = reference ? workspace.named('Service', reference.name) : [];
  if (!reference || services.length === 0 || services.some((service) => workspace.isPatched(service))) return undefined;
  return workspace.isCertain('Service') ? { reference, services } : undefined;
}

export function isHeadless({ values }: IndexedObject): boolean {
  return values['spec.clusterIP'] === 'None';
}

export function isNotHeadless({ values }: IndexedObject): boolean {
  const address = values['spec.clusterIP'];
  return address !== 'None' && address !== UNKNOWN_VALUE && values['spec.type'] !== 'ExternalName';
}
